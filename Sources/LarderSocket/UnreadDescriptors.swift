import LarderCore

/// Descriptors that clients were sent and may not have read yet, over all connections.
///
/// The kernel lets a process send as many as it may have open, counted over all that its user has in
/// sockets (`ETOOMANYREFS`, unix(7)). Clients that never read would use that up for all others; with
/// a share of it in all, whoever asks beyond gets bytes, and nobody waits.
final class UnreadDescriptors: Sendable {
  private let max: Int
  private let count = Locked(0)

  /// - Parameter openMax: how many descriptors this process may have open. A quarter may be on their
  ///   way: the rest is for files, slabs and connections, each of which needs one of its own.
  init(openMax: Int) { max = openMax / 4 }

  /// Counts one more; false where there are too many already.
  func add() -> Bool {
    count.withLock { count in
      guard count < max else { return false }
      count += 1
      return true
    }
  }

  /// So many were read, or went with their connection.
  func remove(_ number: Int) { count.withLock { $0 -= number } }
}
