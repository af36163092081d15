import LarderCore
import LarderMessages
import LarderWire

/// A lease without a time that lasts as long as a scope of the program: its loop takes it again on
/// each new connection, so that this reply comes several times.
final class ScopedLease: Reply {
  private struct State {
    var text: [UInt8] = []
    /// Of this connection; nil where it has none.
    var number: UInt64?
    var isOver = false
    var task: CheckedContinuation<Result<Void, ClientError>, Never>?
  }

  /// Of the LEASE request.
  let body: [UInt8]
  private let state: Locked<State>

  init(body: [UInt8]) {
    self.body = body
    state = Locked(State())
  }

  /// The lease's number on this connection.
  var number: UInt64? { state.withLock(\.number) }
  /// Whether nobody wants it any more.
  var isOver: Bool { state.withLock(\.isOver) }

  /// - Parameter task: resumed when the lease is granted for the first time, or refused.
  func begin(_ task: CheckedContinuation<Result<Void, ClientError>, Never>) {
    state.withLock { $0.task = task }
  }

  /// Notes that its connection is gone.
  func forget() {
    state.withLock { state in
      state.text = []
      state.number = nil
    }
  }

  /// Notes that its scope has ended.
  func finish() { state.withLock { $0.isOver = true } }

  func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) { state.withLock { $0.text.append(contentsOf: bytes) } }

  func end(_ failure: ClientError?) {
    var result = failure.map { Result<Void, ClientError>.failure($0) } ?? .success(())
    if failure == nil {
      let text = state.withLock(\.text)
      do throws(ClientError) {
        let reply: LeaseMessage.Reply = try JSONBody.decode(from: text, verb: .lease)
        state.withLock { $0.number = reply.lease }
      } catch { result = .failure(error) }
    }
    let task = state.withLock { state in
      defer { state.task = nil }
      state.text = []
      return state.task
    }
    task?.resume(returning: result)
  }
}
