import LarderCore
import LarderFederation
import LarderMessages
import LarderRegistry
import OriginRig
import Testing

@testable import LarderService

@Suite("What is fetched of a deploy besides what its hosts ask for") struct ReleaseCompletionTests {
  /// What no plan of the deploy names.
  private static let unplanned = "/unused.png"

  private func policy(_ completion: ReleaseCompletion) -> RealmPolicy {
    var rules = RealmPolicy.Realm()
    rules.completion = completion
    return RealmPolicy(others: rules)
  }

  @Test("All of it, unasked, and then it is a release", arguments: [ReleaseCompletion.all, .fits])
  func all(completion: ReleaseCompletion) async throws {
    try await withService(policy: policy(completion)) { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await fixture.service.addRemote("nav", urls: [origin.url], for: fixture.peer)
      #expect(try await fixture.plan("nav").errors.isEmpty)
      try await fixture.settle("nav")
      #expect(origin.counts[Self.unplanned] == 1)
      #expect(try await fixture.service.showRemote("nav", for: fixture.peer).current != nil)
    }
  }

  @Test("Nothing, so that a plan works and no release is made until somebody updates the remote")
  func none() async throws {
    try await withService(policy: policy(.none)) { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await fixture.service.addRemote("nav", urls: [origin.url], for: fixture.peer)
      let plan = try await fixture.plan("nav")
      #expect(plan.errors.isEmpty && plan.files.allSatisfy { $0.digest != nil })
      try await fixture.settle("nav")
      #expect(origin.counts[Self.unplanned] == nil)
      #expect(try await fixture.service.showRemote("nav", for: fixture.peer).current == nil)
      let updated = try await fixture.service.updateRemote("nav", for: fixture.peer)
      #expect(updated.current?.release != nil && origin.counts[Self.unplanned] == 1)
    }
  }

  @Test("What fits is an eighth of the quota, and not a byte more")
  func fits() {
    #expect(ReleaseCompletion.fits.covers(missingBytes: 1_000, of: 8_000))
    #expect(!ReleaseCompletion.fits.covers(missingBytes: 1_001, of: 8_000))
    #expect(ReleaseCompletion.all.covers(missingBytes: 1_001, of: 8_000))
    #expect(!ReleaseCompletion.none.covers(missingBytes: 0, of: 8_000))
  }

  @Test("The rest of a deploy is what its plans left")
  func rest() async throws {
    try await withService(policy: policy(.none)) { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await DeployOrigin(deploy)
      _ = try await fixture.service.addRemote("nav", urls: [origin.url], for: fixture.peer)
      let session = HostSession(host: HostFacts(name: "host", target: .asyncNode))
      _ = try await fixture.plan("nav", in: session)
      guard case .candidate(let candidate) = session.release(of: "nav") else {
        Issue.record("the deploy was recorded")
        return
      }
      let rest = try #require(deploy.files["unused.png"])
      #expect(await candidate.missingBytes == Int64(rest.count))
    }
  }
}
