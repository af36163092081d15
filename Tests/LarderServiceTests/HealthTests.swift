import LarderCore
import Testing

@testable import LarderService

@Suite("Health")
struct HealthTests {
  @Test("is without a word where all is well")
  func well() async throws {
    try await withService { fixture in
      #expect(await fixture.service.health() == Health())
    }
  }

  @Test("names a part that gives no answer, and does not wait for it")
  func silent() async throws {
    let checkups = Checkups(patience: .zero)
    let (gate, opening) = AsyncStream.makeStream(of: Void.self)
    let first = await checkups.failure(of: .registry) { () async throws(ServiceError) in
      for await _ in gate {}
    }
    #expect(first == "the registry did not answer within 0.0 seconds")
    // One question is under way, however often somebody asks.
    let second = await checkups.failure(of: .registry) { () async throws(ServiceError) in
      Issue.record("a second question")
    }
    #expect(second == "the registry still owes an answer")
    opening.finish()
    let isAsked = Locked(false)
    while !isAsked.withLock({ $0 }) {
      _ = await checkups.failure(of: .registry) { () async throws(ServiceError) in
        isAsked.withLock { $0 = true }
      }
    }
  }

  @Test("says why a part cannot answer")
  func failing() async throws {
    let checkups = Checkups(patience: .seconds(60))
    let reason = await checkups.failure(of: .store) { () async throws(ServiceError) in
      throw ServiceError(.io, "the disk is gone")
    }
    #expect(reason == "the store does not answer: the disk is gone")
    #expect(await checkups.failure(of: .store) { () async throws(ServiceError) in } == nil)
  }
}
