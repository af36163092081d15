import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import OriginRig
import Testing

@testable import LarderService

/// What a machine sees of an origin that ships, breaks and recovers while its remotes update
/// themselves: time is the test's.
@Suite("A bad minute at the origin")
struct BadMinuteTests {
  /// A build without statistics: an entry, a chunk, and an image that the chunk loads when it runs.
  private func deploy(_ version: Int, to origin: DeployOrigin) {
    origin.set("/stall/remoteEntry.js", CodeBuild.entry + "\n//\(version)")
    origin.set("/stall/37.js", CodeBuild.chunk("n.p+\"\(version).svg\""))
    for other in 1...9 { origin.set("/stall/\(other).svg", nil) }
    origin.set("/stall/\(version).svg", "<svg id=\"\(version)\"/>")
  }

  /// A host that loads the module, and what it needs to go on.
  private func host(_ name: String, _ fixture: Fixture) async throws -> HostSession {
    let session = HostSession(host: HostFacts(name: name, target: .web))
    let plan = try await fixture.service.plan(
      [PlanRequest(remote: "nav", expose: "./Fruit")], consumes: [], in: session, for: fixture.peer
    ).body
    #expect(plan.errors.isEmpty && plan.files.count >= 2, "\(name)")
    return session
  }

  /// The lazy image of the version that the host runs.
  private func image(
    _ version: Int, of session: HostSession, _ fixture: Fixture
  ) async throws -> String {
    let files = try await fixture.service.openFiles(
      ["\(version).svg"], of: "nav", have: [], in: session, for: fixture.peer
    ).files
    return String(decoding: try await fixture.bytes(files.first?.digest), as: UTF8.self)
  }

  @Test("Hosts of a closed release go on, new ones get the newest good one, nobody sees an error")
  func closed() async throws {
    try await withUpdates { fixture, clock, turn in
      let origin = try await DeployOrigin()
      deploy(1, to: origin)
      _ = try await fixture.service.addRemote(
        "nav", urls: [origin.http.url("/stall/remoteEntry.js")], every: 600, for: fixture.peer)
      let first = try await fixture.service.updateRemote("nav", for: fixture.peer)
      #expect(first.current?.completeness == "closed")
      let early = try await host("early", fixture)

      deploy(2, to: origin)
      let second = try await turn()
      #expect(second.current != first.current)
      let between = try await host("between", fixture)

      // A page in place of every file, then an entry whose chunk is not there yet, then nobody.
      for broken in [
        { origin.set(.html) },
        { self.tear(origin) },
        { origin.set(.down) },
      ] {
        broken()
        let kept = try await turn()
        #expect(kept.current == second.current && kept.state == .failed)
        let late = try await host("late", fixture)
        for session in [between, late] {
          #expect(try await image(2, of: session, fixture) == "<svg id=\"2\"/>")
        }
        #expect(try await image(1, of: early, fixture) == "<svg id=\"1\"/>")
      }

      origin.set(.healthy)
      deploy(4, to: origin)
      let third = try await turn()
      #expect(third.state == .complete && third.releases.count == 3)
      #expect(try await image(4, of: host("healed", fixture), fixture) == "<svg id=\"4\"/>")
      #expect(try await image(1, of: early, fixture) == "<svg id=\"1\"/>")
      #expect(try await image(2, of: between, fixture) == "<svg id=\"2\"/>")
    }
  }

  /// Half of the third deploy: its entry, which names a chunk that is not there.
  private func tear(_ origin: DeployOrigin) {
    origin.set(.healthy)
    origin.set("/stall/remoteEntry.js", CodeBuild.entry + "\n//3")
    origin.set("/stall/37.js", nil)
  }

  @Test("Of an open release the error names the file that was missing, and why nobody has it")
  func open() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      deploy(1, to: origin)
      origin.set("/stall/37.js", CodeBuild.chunk("n.e(t).then(t)"))
      origin.set("/stall/38.js", CodeBuild.chunk("0"))
      _ = try await fixture.service.addRemote(
        "nav", urls: [origin.http.url("/stall/remoteEntry.js")], for: fixture.peer)
      let made = try await fixture.service.updateRemote("nav", for: fixture.peer)
      #expect(made.current?.completeness == "open")
      let session = try await host("host", fixture)
      origin.set(.down)
      do throws(ServiceError) {
        _ = try await fixture.service.openFiles(
          ["38.js"], of: "nav", have: [], in: session, for: fixture.peer)
        Issue.record("a file that nobody has was delivered")
      } catch {
        #expect(error.code == .notFound && error.subject == "38.js")
        #expect(error.message.contains("'38.js'") && error.message.contains("open"))
        #expect(error.remedy?.contains("larder publish") == true)
      }
    }
  }
}
