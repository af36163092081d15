import LarderCore
import LarderWire

/// Who waits for the reply to a request; the loop's thread calls it.
protocol Reply: AnyObject, Sendable {
  /// Takes the next frame, which is no error.
  ///
  /// - Throws: for what the protocol does not say; `end` is called then, too.
  func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) throws(ClientError)

  /// Notes that no more comes, because all came or because of `failure`; further calls do nothing.
  func end(_ failure: ClientError?)
}

/// A task that is suspended until its reply is whole.
final class TaskReply<Reader: ReplyReader>: Reply {
  typealias Answer = Result<Reader.Answer, ClientError>

  private struct State {
    var reader: Reader
    var task: CheckedContinuation<Answer, Never>?
  }

  private let state: Locked<State>

  init(_ reader: Reader) { state = Locked(State(reader: reader)) }

  /// - Parameter task: resumed once, by `end`, which comes later.
  func begin(_ task: CheckedContinuation<Answer, Never>) {
    state.withLock { $0.task = task }
  }

  func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) throws(ClientError) {
    try state.withLock { (state) throws(ClientError) in
      try state.reader.take(frame, bytes, slabs: slabs)
    }
  }

  func end(_ failure: ClientError?) {
    let (reader, task) = state.withLock { state in
      defer { state.task = nil }
      return (state.reader, state.task)
    }
    guard let task else { return }
    if let failure {
      task.resume(returning: .failure(failure))
    } else {
      do throws(ClientError) {
        task.resume(returning: .success(try reader.answer()))
      } catch {
        task.resume(returning: .failure(error))
      }
    }
  }
}

/// Nobody: what comes is dropped.
final class NoReply: Reply {
  func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) {}

  func end(_ failure: ClientError?) {}
}
