import LarderCore
import LarderFederation
import LarderMessages
import LarderRegistry
import LarderStore
import Testing

@testable import LarderService

@Suite("LEASE and RELEASE")
struct LeaseTests {
  @Test("The first digest that is missing is named, and nothing is leased")
  func missing() async throws {
    try await withService { fixture in
      let there = try await fixture.put([1])
      let absent = (7...8).compactMap { Digest([UInt8](repeating: $0, count: 32)) }
      for seconds in [nil, 60] as [Int64?] {
        let error = try await expectError(.notFound) {
          try await take([there] + absent, seconds, fixture)
        }
        #expect(error.subject == absent[0].hex && error.remedy != nil)
      }
      #expect(try fixture.store.evict(there, in: fixture.peer.realm))
    }
  }

  @Test("Content of another realm is not there to be leased")
  func otherRealm() async throws {
    try await withService { fixture in
      let other = try await fixture.service.capability(realm: "other")
      let theirs = try await fixture.put([1], for: other)
      try await expectError(.notFound) { try await take([theirs], 60, fixture) }
    }
  }

  @Test("No time, none at all and more than a day are refused; no digest is")
  func refused() async throws {
    try await withService { fixture in
      let there = try await fixture.put([1])
      for seconds in [0, -1, 86_401, .max] as [Int64] {
        try await expectError(.badRequest) { try await take([there], seconds, fixture) }
      }
      try await expectError(.badRequest) { try await take([], nil, fixture) }
      try await take([there], 86_400, fixture)
    }
  }

  @Test("A lease by time is ended by its user in its realm, nobody else, and once")
  func release() async throws {
    try await withService { fixture in
      var peer = fixture.peer
      peer.user = 7
      let there = try await fixture.put([1])
      let lease = try await fixture.service.lease([there], seconds: 60, for: peer)
      var otherUser = peer
      otherUser.user = 8
      var otherRealm = try await fixture.service.capability(realm: "other")
      otherRealm.user = 7
      for stranger in [otherUser, otherRealm, fixture.peer] {
        try await expectError(.notFound) {
          try fixture.service.endLease(lease.number, for: stranger)
        }
      }
      try fixture.service.endLease(lease.number, for: peer)
      let error = try await expectError(.notFound) {
        try fixture.service.endLease(lease.number, for: peer)
      }
      #expect(error.subject == "\(lease.number)")
    }
  }

  private func take(
    _ digests: [Digest], _ seconds: Int64?, _ fixture: Fixture
  ) async throws(ServiceError) {
    if let seconds {
      _ = try await fixture.service.lease(digests, seconds: seconds, for: fixture.peer)
    } else {
      _ = try await fixture.service.lease(digests, for: fixture.peer)
    }
  }
}
