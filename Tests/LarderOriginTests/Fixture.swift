import LarderCore
import LarderOrigin
import Logging
import Testing

/// Keeps what it gets, as a spool would.
final class Spool: FetchSink {
  private struct State {
    var bytes: [UInt8] = []
    var heads: [FetchHead] = []
  }

  private let state = Locked(State())
  let canRestart: Bool
  private let failure: (any Error)?

  init(canRestart: Bool = true, failure: (any Error)? = nil) {
    self.canRestart = canRestart
    self.failure = failure
  }

  func begin(_ head: FetchHead) {
    state.withLock { state in
      state.bytes = []
      state.heads.append(head)
    }
  }

  func receive(_ bytes: [UInt8]) throws {
    if let failure { throw failure }
    state.withLock { $0.bytes += bytes }
  }

  var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var heads: [FetchHead] { state.withLock { $0.heads } }
}

/// A clock that moves when somebody sleeps, and remembers for how long they wanted to.
final class FastClock: Sendable {
  private let state = Locked((now: ContinuousClock.now, slept: [Duration]()))

  var slept: [Duration] { state.withLock { $0.slept } }

  func advance(_ duration: Duration) { state.withLock { $0.now += duration } }

  /// A random number is always a half.
  var timing: Timing {
    Timing(
      now: { [state] in state.withLock { $0.now } },
      sleep: { [state] duration in
        try Task.checkCancellation()
        state.withLock { state in
          state.now += duration
          state.slept.append(duration)
        }
      },
      random: { 0.5 })
  }
}

/// A fetcher for the time of `body`.
@discardableResult
func withFetcher<Value>(
  _ configuration: OriginConfiguration = OriginConfiguration(), clock: FastClock = FastClock(),
  _ body: (Fetcher) async throws -> Value
) async throws -> Value {
  let fetcher = try Fetcher(
    configuration, timing: clock.timing,
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  do {
    let value = try await body(fetcher)
    await fetcher.shutdown()
    return value
  } catch {
    await fetcher.shutdown()
    throw error
  }
}

/// Expects that the fetch fails with `code`; the answer is the error.
@discardableResult
func expectFailure(
  _ code: OriginError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> FetchResult
) async -> OriginError? {
  do {
    let result = try await body()
    Issue.record("\(result) instead of \(code)", sourceLocation: sourceLocation)
  } catch let error as OriginError {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    #expect(!error.remedy.isEmpty, sourceLocation: sourceLocation)
    return error
  } catch {
    Issue.record("unexpected: \(error)", sourceLocation: sourceLocation)
  }
  return nil
}
