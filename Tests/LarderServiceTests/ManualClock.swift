import LarderCore
import LarderOrigin

/// A clock that goes on when a test says so, and chance that is always one number.
final class ManualClock: Sendable {
  private struct Sleeper {
    let number: UInt64
    let pause: Duration
    let end: Duration
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var time = Duration.zero
    var sleepers: [Sleeper] = []
    var next: UInt64 = 0
    var random = 0.5
  }

  private let start = ContinuousClock.now
  private let state = Locked(State())

  var timing: Timing {
    Timing(
      now: { self.start + self.state.withLock(\.time) }, sleep: { try await self.sleep($0) },
      random: { self.state.withLock(\.random) })
  }

  func setRandom(_ number: Double) { state.withLock { $0.random = number } }

  /// Returns when so many sleep; the answer is how long each means to, the shortest first.
  func pauses(_ count: Int) async -> [Duration] {
    while state.withLock(\.sleepers.count) != count { await Task.yield() }
    return state.withLock { $0.sleepers.map(\.pause) }.sorted()
  }

  /// Wakes those whose time has come.
  func advance(_ duration: Duration) {
    let woken = state.withLock { state in
      state.time += duration
      let time = state.time
      let due = state.sleepers.filter { $0.end <= time }
      state.sleepers.removeAll { $0.end <= time }
      return due
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  private func sleep(_ duration: Duration) async throws {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        state.withLock { state in
          state.sleepers.append(
            Sleeper(
              number: number, pause: duration, end: state.time + duration,
              continuation: continuation))
        }
        if Task.isCancelled { wake(number) }
      }
    } onCancel: {
      wake(number)
    }
  }

  private func wake(_ number: UInt64) {
    let sleeper = state.withLock { state in
      state.sleepers.firstIndex { $0.number == number }.map { state.sleepers.remove(at: $0) }
    }
    sleeper?.continuation.resume(throwing: CancellationError())
  }
}
