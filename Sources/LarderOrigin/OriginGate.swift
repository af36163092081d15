import LarderCore

/// Lets a bounded number of requests run at each origin; the others wait in line.
///
/// Without it the wait for a free connection would count as the origin's slowness.
final class OriginGate: Sendable {
  private struct Line {
    var running = 0
    /// In the order of arrival; those that gave up are no longer in it.
    var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
  }

  private struct State {
    var lines: [Origin: Line] = [:]
    var nextID: UInt64 = 0
    /// Cancelled before they came to wait.
    var cancelled: Set<UInt64> = []
  }

  private enum Arrival { case runs, waits, full, cancelled }

  private let runningMax: Int
  private let waitingMax: Int
  private let state = Locked(State())

  init(limits: OriginLimits) {
    runningMax = limits.requestsPerOriginMax
    waitingMax = limits.waitingPerOriginMax
  }

  /// Runs `body` when it is its turn at `url`'s origin.
  ///
  /// - Throws: `refused` if too many wait, `cancelled`, and what `body` throws.
  func run<Value>(
    _ url: OriginURL, _ body: () async throws(OriginError) -> Value
  ) async throws(OriginError) -> Value {
    try await enter(url)
    defer { leave(url.origin) }
    return try await body()
  }

  private func enter(_ url: OriginURL) async throws(OriginError) {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let isFull = Locked(false)
    let hasTurn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        switch arrive(url.origin, id, continuation) {
        case .runs: continuation.resume(returning: true)
        case .waits: break
        case .full:
          isFull.withLock { $0 = true }
          continuation.resume(returning: false)
        case .cancelled: continuation.resume(returning: false)
        }
      }
    } onCancel: {
      giveUp(url.origin, id)
    }
    _ = state.withLock { $0.cancelled.remove(id) }
    if hasTurn { return }
    guard isFull.withLock({ $0 }) else { throw .cancelled(url.description) }
    throw .refused(
      url, "\(waitingMax) requests wait for \(url.origin) already",
      remedy: "ask again when they are done")
  }

  private func arrive(
    _ origin: Origin, _ id: UInt64, _ continuation: CheckedContinuation<Bool, Never>
  ) -> Arrival {
    state.withLock { state in
      if state.cancelled.remove(id) != nil { return .cancelled }
      var line = state.lines[origin, default: Line()]
      defer { state.lines[origin] = line }
      if line.running < runningMax {
        line.running += 1
        return .runs
      }
      guard line.waiting.count < waitingMax else { return .full }
      line.waiting.append((id, continuation))
      return .waits
    }
  }

  private func giveUp(_ origin: Origin, _ id: UInt64) {
    let continuation: CheckedContinuation<Bool, Never>? = state.withLock { state in
      guard let place = state.lines[origin]?.waiting.firstIndex(where: { $0.id == id }) else {
        state.cancelled.insert(id)
        return nil
      }
      return state.lines[origin]?.waiting.remove(at: place).continuation
    }
    continuation?.resume(returning: false)
  }

  private func leave(_ origin: Origin) {
    let next: CheckedContinuation<Bool, Never>? = state.withLock { state in
      guard var line = state.lines[origin] else { return nil }
      defer { state.lines[origin] = line.running == 0 ? nil : line }
      // The place is handed on, so the number that run stays.
      if !line.waiting.isEmpty { return line.waiting.removeFirst().continuation }
      line.running -= 1
      return nil
    }
    next?.resume(returning: true)
  }
}
