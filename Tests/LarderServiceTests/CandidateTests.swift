import LarderCore
import LarderFederation
import LarderOrigin
import LarderRegistry
import OriginRig
import Testing

@testable import LarderService

@Suite struct CandidateTests {
  /// A deploy with files `0.js`, `1.js` and so on, read through fetches that are busy beyond what
  /// one remote may ask for at a time.
  private func candidate(
    _ fixture: Fixture, files count: Int, at origin: TestOrigin
  ) throws -> (Candidate, [Candidate.Place]) {
    let fetches = SharedFetches(
      fetcher: fixture.fetcher, content: fixture.content, registry: fixture.registry,
      realms: fixture.service.realms, log: fixture.service.log,
      flightsMax: Candidate.plannedFetchesMax)
    let paths = (0..<count).map { "\($0).js" }
    let facts = ContainerFacts(
      name: "nav", target: .asyncNode, assets: paths.map { AssetFacts(name: $0, size: nil) })
    let description = Description(
      base: origin.url("/"), path: Description.fileName,
      stat: BlobStat(digest: try #require(Digest([UInt8](repeating: 1, count: 32))), size: .zero),
      validators: Validators())
    let candidate = Candidate(
      remote: try #require(RemoteName("nav")), realm: fixture.peer.realm,
      variants: [.init(facts: facts, description: description, read: [:])], fetches: fetches,
      content: fixture.content)
    return (candidate, paths.map { Candidate.Place(variant: 0, path: $0) })
  }

  @Test("A plan of many files asks for no more at a time than one remote may")
  func window() async throws {
    try await withService { fixture in
      let origin = try await TestOrigin { request, _ in TestOrigin.answer(request.path) }
      let (candidate, places) = try candidate(fixture, files: 40, at: origin)
      let found = await candidate.files(places, for: .planned)
      #expect(found.count == places.count)
      for (index, place) in places.enumerated() {
        let file = try #require(found[index]).get()
        #expect(file.fetched && file.stat.size.value == place.path.utf8.count + 1)
      }
      #expect(origin.requests.count == places.count)
    }
  }

  @Test("A file that is missing leaves the others of a plan, and ends a completion early")
  func failure() async throws {
    try await withService { fixture in
      let origin = try await TestOrigin { request, _ in
        request.path == "/1.js"
          ? TestOrigin.answer("", status: "404 Not Found") : TestOrigin.answer(request.path)
      }
      let (planned, places) = try candidate(fixture, files: 40, at: origin)
      let found = await planned.files(places, for: .planned)
      #expect(found.values.filter { (try? $0.get()) == nil }.count == 1)
      #expect(throws: ServiceError.self) { try found[1]?.get() }

      let asked = origin.requests.count
      let (completed, _) = try candidate(fixture, files: 40, at: origin)
      try await expectError(.originUnavailable) {
        try await completed.fetch(places, for: .background)
      }
      #expect(origin.requests.count - asked < places.count)
    }
  }
}
