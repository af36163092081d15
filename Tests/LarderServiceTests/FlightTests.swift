import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite struct FlightTests {
  private func flight(window: Int = 8) -> Flight {
    let flight = Flight(FetchTerms(), for: .ensured, windowSizeMax: window)
    _ = flight.board()
    return flight
  }

  private let landed = Flight.Landing.fetched(
    Flight.Fetched(
      stat: BlobStat(digest: Digest(copyingZeros: ()), size: ByteCount(10)), entityTag: nil,
      lastModified: nil, contentType: nil))

  private func text(_ step: Flight.Step) -> String {
    switch step {
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .landed: "landed"
    }
  }

  @Test("A caller gets what arrived, and what comes while it waits")
  func streams() async throws {
    let flight = flight()
    flight.arrived(Array("abc".utf8))
    #expect(text(try await flight.next(after: 0)) == "abc")
    async let more = flight.next(after: 3)
    flight.arrived(Array("de".utf8))
    #expect(text(try await more) == "de")
    flight.landed(.success(landed))
    #expect(text(try await flight.next(after: 5)) == "landed")
  }

  @Test("A late joiner begins at the start while the window holds it")
  func lateJoiner() async throws {
    let flight = flight()
    flight.arrived(Array("abcd".utf8))
    _ = try await flight.next(after: 0)
    flight.arrived(Array("efgh".utf8))
    #expect(flight.board())
    #expect(text(try await flight.next(after: 0)) == "abcdefgh")
  }

  @Test("A caller that falls out of the window waits for the whole blob instead of missing bytes")
  func slowCaller() async throws {
    let flight = flight()
    flight.arrived(Array("abcdefgh".utf8))
    flight.arrived(Array("i".utf8))
    // The window now begins after the caller's place.
    async let next = flight.next(after: 1)
    #expect(text(try await flight.next(after: 8)) == "i")
    flight.landed(.success(landed))
    #expect(text(try await next) == "landed")
  }

  @Test("A window of exactly the limit holds all, one byte more is cut", arguments: [8, 9])
  func windowLimit(count: Int) async throws {
    let flight = flight()
    flight.arrived([UInt8](repeating: 1, count: count))
    flight.landed(.success(landed))
    let first = text(try await flight.next(after: 0))
    #expect((first != "landed") == (count == 8))
  }

  @Test("A flight whose last caller left is cancelled, and nobody joins it")
  func givenUp() async {
    let flight = flight()
    let task = Task { while !Task.isCancelled { await Task.yield() } }
    flight.fly(task)
    #expect(flight.board())
    flight.leave()
    #expect(!task.isCancelled)
    flight.leave()
    await task.value
    #expect(task.isCancelled)
    #expect(!flight.board())
  }

  @Test("A flight that everybody left before its task was known is cancelled as well")
  func givenUpEarly() async {
    let flight = flight()
    flight.leave()
    let task = Task { while !Task.isCancelled { await Task.yield() } }
    flight.fly(task)
    await task.value
    #expect(task.isCancelled)
  }

  @Test("A cancelled caller wakes at once and leaves the others waiting")
  func cancelledCaller() async throws {
    let flight = flight()
    let cancelled = Task { try await flight.next(after: 0) }
    let patient = Task { try await flight.next(after: 0) }
    cancelled.cancel()
    try await expectError(.shuttingDown) { try await cancelled.value }
    flight.arrived([UInt8(ascii: "a")])
    #expect(text(try await patient.value) == "a")
  }

  @Test("A failure reaches all callers, those that have bytes included")
  func failure() async throws {
    let flight = flight()
    flight.arrived([1])
    let waiting = [0, 1, Int64.max].map { place in
      Task {
        if place == 0 { _ = try await flight.next(after: 0) }
        return try await flight.next(after: max(place, 1))
      }
    }
    flight.landed(.failure(ServiceError(.truncated, "cut")))
    for task in waiting { try await expectError(.truncated) { try await task.value } }
    #expect(!flight.board())
  }

  @Test("A body begins anew only while nobody has seen bytes")
  func restart() async throws {
    let flight = flight()
    flight.arrived(Array("old".utf8))
    #expect(flight.restarted())
    flight.arrived(Array("new".utf8))
    #expect(text(try await flight.next(after: 0)) == "new")
    #expect(flight.hasHandedOut)
    #expect(!flight.restarted())
  }

  @Test("Files of releases are kept for nobody", arguments: [FetchPurpose.planned, .background])
  func noWindow(purpose: FetchPurpose) async throws {
    let flight = Flight(FetchTerms(), for: purpose)
    flight.arrived([1])
    flight.landed(.success(landed))
    #expect(text(try await flight.next(after: 0)) == "landed")
  }
}

extension Digest {
  fileprivate init(copyingZeros: Void) {
    self = [UInt8](repeating: 0, count: 32).withUnsafeBytes { Digest(copying: $0) }
  }
}
