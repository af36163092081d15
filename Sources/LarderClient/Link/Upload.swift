import LarderCore
import LarderWire

/// The reply to a PUT, and the task that sends its content: that one waits for room for the next
/// piece, or for the answer, which may come early.
final class Upload: Reply {
  private struct State {
    var hasRoom = false
    var answer: PutAnswer?
    var end: Result<PutAnswer, ClientError>?
    var task: CheckedContinuation<Void, Never>?
  }

  private let state = Locked(State())

  /// Suspends until the content before was written.
  ///
  /// - Returns: false where the answer is there already, and no more content is wanted.
  func room() async -> Bool {
    while true {
      let (hasRoom, hasEnded) = state.withLock { state in
        defer { state.hasRoom = false }
        return (state.hasRoom, state.end != nil)
      }
      if hasEnded { return false }
      if hasRoom { return true }
      await change { $0.hasRoom || $0.end != nil }
    }
  }

  /// Suspends until the answer is there.
  func answer() async -> Result<PutAnswer, ClientError> {
    while true {
      if let end = state.withLock(\.end) { return end }
      await change { $0.end != nil }
    }
  }

  /// Notes that the content so far was written.
  func written() { update { $0.hasRoom = true } }

  func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) throws(ClientError) {
    let answer: PutAnswer
    do { answer = try PutAnswer(decoding: bytes) } catch { throw ClientError(error) }
    state.withLock { $0.answer = answer }
  }

  func end(_ failure: ClientError?) {
    update { state in
      guard state.end == nil else { return }
      if let failure {
        state.end = .failure(failure)
      } else {
        state.end =
          state.answer.map { .success($0) }
          ?? .failure(ClientError(WireError(.malformedFrame, "PUT's answer has no body")))
      }
    }
  }

  private func update(_ body: (inout State) -> Void) {
    let task = state.withLock { state in
      body(&state)
      defer { state.task = nil }
      return state.task
    }
    task?.resume()
  }

  /// Suspends until `isMet`; one task at a time.
  private func change(until isMet: (State) -> Bool) async {
    await withCheckedContinuation { task in
      let isMet = state.withLock { state in
        if isMet(state) { return true }
        state.task = task
        return false
      }
      if isMet { task.resume() }
    }
  }
}
