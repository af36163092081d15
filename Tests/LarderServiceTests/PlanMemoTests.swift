import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite("Plans that are kept")
struct PlanMemoTests {
  private let header = [PlanRequest(remote: "nav", expose: "./Header")]

  private func session(target: ContainerTarget = .asyncNode) -> HostSession {
    HostSession(host: HostFacts(name: "host", target: target))
  }

  private func plan(
    _ fixture: Fixture, in session: HostSession? = nil
  ) async throws -> PreparedReply<Plan> {
    try await fixture.service.plan(
      header, consumes: [], in: session ?? self.session(), for: fixture.peer)
  }

  @Test("The same question gets the plan that was made before, and OPEN the same head")
  func sameAgain() async throws {
    try await withService { fixture in
      try await fixture.publish(Deploy(name: "nav"))
      let first = try await plan(fixture)
      #expect(try await plan(fixture) === first)
      #expect(try await plan(fixture, in: session(target: .web)) !== first)
      func open(_ have: Set<Digest>) async throws -> PreparedReply<OpenMessage.Head> {
        try await fixture.service.open(
          header, consumes: [], phases: [.required], have: have, in: session(), for: fixture.peer)
      }
      let opened = try await open([])
      #expect(try await open([]) === opened)
      let held = try #require(opened.body.blobs.first?.digest)
      #expect(try await open([held]).body.blobs == Array(opened.body.blobs.dropFirst()))
    }
  }

  @Test("A session that got a kept plan keeps its releases, and one with another keeps that")
  func sessions() async throws {
    try await withService { fixture in
      try await fixture.publish(Deploy(name: "nav"))
      let made = session()
      let told = session()
      let first = try await plan(fixture, in: made)
      #expect(try await plan(fixture, in: told) === first)
      try await fixture.publish(Deploy(name: "nav", version: "2"))
      let second = try await plan(fixture)
      #expect(second.body.files != first.body.files)
      for session in [made, told] {
        #expect(try await plan(fixture, in: session).body.files == first.body.files)
        #expect(session.hasHandedOut("nav"))
      }
      #expect(try await plan(fixture) === second)
    }
  }

  @Test("A name that another realm's remote had is looked up again once it is registered nearer")
  func nearerName() async throws {
    try await withService { fixture in
      try await fixture.publish(Deploy(name: "nav"))
      let first = try await plan(fixture)
      let moves = fixture.registry.moves
      _ = try await fixture.registry.addRemote(
        RemoteName(checking: "cart"), urls: [], in: fixture.peer.realm)
      #expect(fixture.registry.moves > moves)
      #expect(try await plan(fixture) !== first)
    }
  }

  @Test("A file that is gone is no part of a plan, whatever was told before")
  func goneFile() async throws {
    try await withService { fixture in
      try await fixture.publish(Deploy(name: "nav"))
      let first = try await plan(fixture)
      let lost = try #require(first.body.files.first?.digest)
      _ = try await fixture.content.run { (store) throws(StoreError) in
        try store.purge(lost, in: fixture.peer.realm)
      }
      let second = try await plan(fixture)
      #expect(second !== first)
      #expect(!second.body.errors.isEmpty)
      #expect(try await plan(fixture) !== second)
    }
  }

  @Test("A plan with a remote that nobody knows is made anew each time")
  func unknownRemote() async throws {
    try await withService { fixture in
      try await fixture.publish(Deploy(name: "nav", remotes: [("cart", "./Total")]))
      let first = try await plan(fixture)
      #expect(first.body.errors.map(\.kind.rawValue) == ["unknownRemote"])
      #expect(try await plan(fixture) !== first)
    }
  }

  @Test("Plans that nobody asked for longest make room, by their number and by their files")
  func bounds() throws {
    let memo = PlanMemo()
    func question(_ number: Int) -> PlanMemo.Question {
      PlanMemo.Question(
        realms: [], host: HostFacts(name: "host-\(number)"), requests: [], releases: [:],
        isExplained: false)
    }
    let file = try JSONDecoder().decode(
      PlannedFile.self,
      from: Data(
        """
        {"container": "nav", "path": "a.js", "kind": "chunk", "phase": "required",
         "digest": "\(String(repeating: "0", count: 64))"}
        """.utf8))
    func known(files: Int) throws -> KnownPlan {
      var plan = Planner { _ in nil }.plan([], for: HostFacts(name: "host"))
      plan.files = Array(repeating: file, count: files)
      return try #require(KnownPlan(plan, from: PlanUses()))
    }
    for number in 0..<PlanMemo.plansMax {
      memo.keep(try known(files: 1), for: question(number), at: 7)
    }
    #expect(memo.plan(for: question(0), at: 7) != nil)
    memo.keep(try known(files: 1), for: question(-1), at: 7)
    #expect(memo.plan(for: question(0), at: 7) != nil)
    #expect(memo.plan(for: question(1), at: 7) == nil)
    memo.keep(try known(files: PlanMemo.filesMax), for: question(-2), at: 7)
    #expect(memo.plan(for: question(0), at: 7) == nil)
    #expect(memo.plan(for: question(-2), at: 7) != nil)
    memo.keep(try known(files: PlanMemo.filesMax + 1), for: question(-3), at: 7)
    #expect(memo.plan(for: question(-3), at: 7) == nil)
    #expect(memo.plan(for: question(-2), at: 8) == nil)
  }
}
