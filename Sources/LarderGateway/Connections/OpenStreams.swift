import Synchronization

/// Counts the HTTP/2 streams of all connections: what each may leave unread adds up, however many
/// streams one connection opens.
final class OpenStreams: Sendable {
  private let max: Int
  private let count = Atomic<Int>(0)

  init(max: Int) { self.max = max }

  /// Whether one more may begin; whoever is told so says `end` once.
  func begin() -> Bool {
    if count.add(1, ordering: .relaxed).newValue <= max { return true }
    end()
    return false
  }

  func end() { count.subtract(1, ordering: .relaxed) }
}
