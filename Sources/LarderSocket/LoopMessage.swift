/// What other threads hand to the event loop; `connection` is one that may be gone by then.
enum LoopMessage: Sendable {
  /// Frames of a reply that a task made; `isLast` ends the request.
  case reply(connection: UInt64, id: UInt64, frames: [UInt8], isLast: Bool)
  /// OPEN's blobs follow, or go on, by way of a worker.
  case opened(connection: UInt64, cursor: ReadCursor)
  /// A worker finished what it was asked to read.
  case read(connection: UInt64, batch: ReadBatch)
  /// A worker stored a piece of a PUT: there may be room for more.
  case putAdvanced(connection: UInt64)
  /// A PUT ended, well or with an ERROR frame; the transfer takes nothing more.
  case putEnded(connection: UInt64, id: UInt64, frame: [UInt8])
  /// Look at the deadlines now.
  case checkDeadlines
  /// Finish what is begun, then end.
  case stop(within: Duration)
}
