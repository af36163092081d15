import CPlatform
import Glibc

/// An eventfd: any thread raises it, an event loop that watches it wakes up.
///
/// Raises between two waits count as one.
package struct EventSignal: ~Copyable, Sendable {
  /// The descriptor to watch for reading; stays owned by the signal, which closes it.
  package let rawValue: Int32

  package init() throws(SystemCallError) {
    let descriptor = larder_event_create()
    guard descriptor >= 0 else { throw .last("eventfd", on: "event signal") }
    rawValue = descriptor
  }

  deinit { close(rawValue) }

  /// Wakes whoever watches; never blocks, from any thread.
  package borrowing func raise() {
    var one: UInt64 = 1
    // The only refusal is a counter at its end, and then the watcher is awake already.
    _ = write(rawValue, &one, MemoryLayout<UInt64>.size)
  }

  /// Takes all raises so far; never blocks.
  package borrowing func clear() {
    var count: UInt64 = 0
    // Refused only if nothing was raised.
    _ = read(rawValue, &count, MemoryLayout<UInt64>.size)
  }
}
