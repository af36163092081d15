import LarderCore
import LarderMessages
import LarderService
import LarderStore
import LarderWire

/// A PUT between the loop, which adds pieces, and a worker, which stores them.
///
/// At most one worker runs it at a time; pieces keep their order.
final class PutTransfer: Sendable {
  fileprivate struct State {
    var pieces: ArraySlice<[UInt8]> = []
    var queuedBytes = 0
    var hasAll = false
    /// A worker has it, or is about to.
    var isRunning = false
    /// It ended or was given up: pieces are dropped.
    var isOver = false
    var ingest: Ingest?
    var receivedBytes: Int64 = 0
  }

  fileprivate enum Next {
    case piece([UInt8], Ingest?)
    case finish(Ingest?, received: Int64)
    case cancel(Ingest?)
    case nothing
  }

  let id: UInt64
  private let connection: UInt64
  private let head: PutHead
  private let peer: RealmCapability
  private let service: Service
  private let mailbox: LoopMailbox
  private let counters: SocketCounters
  private let state = Locked(State())

  init(
    id: UInt64, connection: UInt64, head: PutHead, peer: RealmCapability, service: Service,
    mailbox: LoopMailbox, counters: SocketCounters
  ) {
    self.counters = counters
    self.id = id
    self.connection = connection
    self.head = head
    self.peer = peer
    self.service = service
    self.mailbox = mailbox
  }

  /// Bytes that wait for the worker.
  var queuedBytes: Int { state.withLock { $0.queuedBytes } }

  /// Adds the next piece; true if a worker has to be asked to `run`.
  func add(_ piece: [UInt8], isLast: Bool) -> Bool {
    state.withLock { state in
      guard !state.isOver else { return false }
      state.pieces.append(piece)
      state.queuedBytes += piece.count
      state.hasAll = isLast
      return state.start()
    }
  }

  /// Gives the blob up: nothing of it stays. True if a worker has to be asked to `run`.
  func cancel() -> Bool {
    state.withLock { state in
      state.isOver = true
      state.drop()
      return state.start()
    }
  }

  /// Stores what waits. Blocks on the disk: for workers.
  func run() {
    while true {
      let next: Next = state.withLock { $0.next() }
      switch next {
      case .nothing: return
      case .cancel(let ingest):
        ingest?.cancel()
        return
      case .piece(let piece, let ingest):
        do throws(ServiceError) {
          try store(piece, in: ingest)
        } catch {
          end(with: error)
          return
        }
        mailbox.post(.putAdvanced(connection: connection))
      case .finish(let ingest, let received):
        do throws(ServiceError) {
          try end(with: finish(ingest, received: received))
        } catch {
          end(with: error)
        }
        return
      }
    }
  }

  private func store(_ piece: [UInt8], in ingest: Ingest?) throws(ServiceError) {
    let ingest = try begun(ingest)
    let received = state.withLock { state in
      state.receivedBytes += Int64(piece.count)
      return state.receivedBytes
    }
    if let size = head.size, received > size.value {
      throw ServiceError(
        .truncated, "PUT announced \(size.value) bytes and sent more",
        remedy: "read the file again: it may have grown meanwhile")
    }
    do throws(StoreError) {
      try piece.withUnsafeBufferPointer { (bytes) throws(StoreError) in
        try ingest.append(UnsafeRawBufferPointer(bytes))
      }
    } catch { throw ServiceError(error) }
  }

  private func finish(
    _ ingest: Ingest?, received: Int64
  ) throws(ServiceError) -> PutAnswer {
    if let size = head.size, received != size.value {
      throw ServiceError(
        .truncated, "PUT announced \(size.value) bytes and sent \(received)",
        remedy: "read the file again: it may have changed meanwhile")
    }
    let ingest = try begun(ingest)
    do throws(StoreError) {
      let result = try ingest.finish(expecting: head.digest, ack: head.ack)
      return PutAnswer(digest: result.digest, size: result.size, existed: result.deduplicated)
    } catch { throw ServiceError(error) }
  }

  /// The ingest, begun with the first piece: not before there is something to store.
  private func begun(_ ingest: Ingest?) throws(ServiceError) -> Ingest {
    if let ingest { return ingest }
    let ingest = try service.beginPut(for: peer)
    state.withLock { $0.ingest = ingest }
    return ingest
  }

  private func end(with answer: PutAnswer) {
    var body: [UInt8] = []
    answer.append(to: &body)
    var frame: [UInt8] = []
    frame.appendFrame(.put, .reply, id: id, body: body)
    finish(sending: frame)
  }

  private func end(with error: ServiceError) {
    let ingest = state.withLock { $0.ingest }
    ingest?.cancel()
    let refusal = ErrorMessage(error)
    counters.countError(refusal.code, of: .put)
    finish(sending: ReplyEncoding.error(refusal, kind: Verb.put.rawValue, id: id))
  }

  private func finish(sending frame: [UInt8]) {
    state.withLock { state in
      state.isOver = true
      state.isRunning = false
      state.ingest = nil
      state.drop()
    }
    mailbox.post(.putEnded(connection: connection, id: id, frame: frame))
  }
}

extension PutTransfer.State {
  /// True if nobody runs the transfer yet; then somebody is about to.
  fileprivate mutating func start() -> Bool {
    defer { isRunning = true }
    return !isRunning
  }

  fileprivate mutating func drop() {
    pieces = []
    queuedBytes = 0
  }

  fileprivate mutating func next() -> PutTransfer.Next {
    if isOver {
      isRunning = false
      defer { ingest = nil }
      return .cancel(ingest)
    }
    if let piece = pieces.first {
      // A slice keeps what it dropped until its memory moves: the place is emptied first.
      pieces[pieces.startIndex] = []
      pieces.removeFirst()
      queuedBytes -= piece.count
      return .piece(piece, ingest)
    }
    if hasAll { return .finish(ingest, received: receivedBytes) }
    isRunning = false
    return .nothing
  }
}
