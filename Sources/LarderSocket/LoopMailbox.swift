import LarderCore
import LarderPlatform

/// The way into the event loop: a queue, and an eventfd that wakes the loop.
///
/// Bounded by what may be under way: each connection has one read, 64 requests and their PUTs, and
/// a task waits for room before it streams.
final class LoopMailbox: Sendable {
  private let messages = Locked<[LoopMessage]>([])
  private let signal: EventSignal

  init() throws(SystemCallError) { signal = try EventSignal() }

  /// The descriptor to watch.
  var rawValue: Int32 { signal.rawValue }

  /// Queues a message from any thread; never blocks.
  func post(_ message: LoopMessage) {
    let wasEmpty = messages.withLock { messages in
      messages.append(message)
      return messages.count == 1
    }
    if wasEmpty { signal.raise() }
  }

  /// Takes all messages, in the order in which they came; the loop's thread only.
  func take() -> [LoopMessage] {
    // Cleared first: a message that comes in between raises the signal again.
    signal.clear()
    return messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
