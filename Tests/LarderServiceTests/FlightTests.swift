import LarderCore
import Testing

@testable import LarderService

@Suite("A flight")
struct FlightTests {
  private let stat = BlobStat(
    digest: Digest(copying: [UInt8](repeating: 7, count: 32).withUnsafeBytes { $0 }), size: .zero)

  @Test("hands a late caller what came before, then what comes")
  func lateCaller() async throws {
    let flight = Flight(FetchTerms(), for: .ensured)
    #expect(flight.board())
    flight.arrived([1, 2, 3])
    guard case .bytes(let first) = try await flight.next(after: 0) else {
      Issue.record("no bytes")
      return
    }
    #expect(first == [1, 2, 3] && flight.hasHandedOut)
    async let next = flight.next(after: 3)
    flight.arrived([4])
    guard case .bytes(let second) = try await next else {
      Issue.record("no further bytes")
      return
    }
    #expect(second == [4])
  }

  @Test("keeps its window and sends who fell behind to the store")
  func window() async throws {
    let flight = Flight(FetchTerms(), for: .ensured, windowSizeMax: 8)
    #expect(flight.board())
    flight.arrived([1, 2, 3, 4, 5, 6, 7, 8])
    guard case .bytes(let whole) = try await flight.next(after: 0) else {
      Issue.record("a full window hands nothing out")
      return
    }
    #expect(whole.count == 8)
    // One byte too many: the older half goes.
    flight.arrived([9])
    guard case .bytes(let kept) = try await flight.next(after: 6) else {
      Issue.record("the window is empty")
      return
    }
    #expect(kept == [7, 8, 9])
    flight.landed(.success(.fetched(.init(stat: stat))))
    guard case .landed(.fetched(let fetched)) = try await flight.next(after: 0) else {
      Issue.record("bytes that are no longer kept were handed out")
      return
    }
    #expect(fetched.stat == stat)
  }

  @Test("keeps nothing where nobody may stream")
  func noWindow() async throws {
    let flight = Flight(FetchTerms(), for: .planned)
    #expect(flight.board())
    flight.arrived([1])
    flight.landed(.success(.notModified))
    guard case .landed(.notModified) = try await flight.next(after: 0) else {
      Issue.record("bytes of a release's file were handed out")
      return
    }
    #expect(!flight.hasHandedOut)
  }

  @Test("begins anew only while nobody has seen bytes")
  func restart() async throws {
    let flight = Flight(FetchTerms(), for: .ensured)
    #expect(flight.board())
    flight.arrived([1])
    #expect(flight.restarted())
    flight.arrived([2])
    guard case .bytes(let bytes) = try await flight.next(after: 0) else {
      Issue.record("no bytes")
      return
    }
    #expect(bytes == [2])
    #expect(!flight.restarted())
  }

  @Test("gives its failure to everybody, and takes nobody on board after it")
  func failure() async throws {
    let flight = Flight(FetchTerms(), for: .ensured)
    #expect(flight.board())
    async let first = flight.landing()
    async let second = flight.next(after: 0)
    flight.landed(.failure(ServiceError(.truncated, "cut")))
    do {
      _ = try await first
      Issue.record("landed")
    } catch { #expect((error as? ServiceError)?.code == .truncated) }
    do {
      _ = try await second
      Issue.record("landed")
    } catch { #expect((error as? ServiceError)?.code == .truncated) }
    #expect(!flight.board())
  }

  @Test("is given up when the last caller leaves, not before")
  func abandoned() async {
    let flight = Flight(FetchTerms(), for: .ensured)
    #expect(flight.board() && flight.board())
    let task = Task { while !Task.isCancelled { await Task.yield() } }
    flight.fly(task)
    flight.leave()
    #expect(!task.isCancelled)
    flight.leave()
    #expect(task.isCancelled)
    #expect(!flight.board())
    await task.value
  }

  @Test("lets a caller go whose task is cancelled, and keeps the others")
  func cancelledCaller() async throws {
    let flight = Flight(FetchTerms(), for: .ensured)
    #expect(flight.board())
    let caller = Task { try await flight.next(after: 0) }
    await Task.yield()
    caller.cancel()
    do {
      _ = try await caller.value
      Issue.record("a cancelled caller went on")
    } catch { #expect((error as? ServiceError)?.code == .shuttingDown) }
    flight.arrived([9])
    guard case .bytes(let bytes) = try await flight.next(after: 0) else {
      Issue.record("no bytes")
      return
    }
    #expect(bytes == [9])
  }
}
