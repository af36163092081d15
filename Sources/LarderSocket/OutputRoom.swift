import LarderCore
import LarderService

/// Lets tasks that stream content wait until their connection has room for more.
///
/// Counts what was posted and has not reached the connection's queue, so that tasks cannot run
/// ahead of a loop that is busy.
final class OutputRoom: Sendable {
  private struct State {
    var postedBytes = 0
    var queuedBytes = 0
    var isClosed = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Locked(State())
  private let queuedBytesMax: Int

  init(queuedBytesMax: Int) { self.queuedBytesMax = queuedBytesMax }

  /// Suspends until there is room, then takes up `byteCount` of it.
  ///
  /// - Throws: `shuttingDown` once the connection is gone.
  func take(_ byteCount: Int) async throws(ServiceError) {
    while true {
      let isClosed: Bool? = state.withLock { state in
        if state.isClosed { return true }
        guard state.postedBytes + state.queuedBytes <= queuedBytesMax else { return nil }
        state.postedBytes += byteCount
        return false
      }
      switch isClosed {
      case true?: throw ServiceError(.shuttingDown, "the client is gone")
      case false?: return
      case nil: await change()
      }
    }
  }

  /// The loop took `byteCount` over into its queue.
  func arrived(_ byteCount: Int) {
    state.withLock { $0.postedBytes -= byteCount }
  }

  /// The loop wrote what it could: so much is left.
  func update(queuedBytes: Int) {
    wake { state in
      state.queuedBytes = queuedBytes
      return state.postedBytes + queuedBytes <= queuedBytesMax
    }
  }

  /// The connection is gone: everybody who waits is told.
  func close() {
    wake { state in
      state.isClosed = true
      return true
    }
  }

  private func wake(if change: (inout State) -> Bool) {
    let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard change(&state) else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in woken { continuation.resume() }
  }

  private func change() async {
    await withCheckedContinuation { continuation in
      let isMissed = state.withLock { state in
        if state.isClosed || state.postedBytes + state.queuedBytes <= queuedBytesMax {
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isMissed { continuation.resume() }
    }
  }
}
