import Glibc

/// Rings for one thread that waits for it; rings between two waits count as one.
package final class Alarm: Sendable {
  // Safety: set once in init and freed in deinit; pthread objects are made to be shared by threads.
  private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
  // Safety: as above.
  private nonisolated(unsafe) let change: UnsafeMutablePointer<pthread_cond_t>
  // Safety: touched only while `mutex` is held.
  private nonisolated(unsafe) var rings = false

  package init() {
    mutex = .allocate(capacity: 1)
    change = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    // Timeouts are not to depend on the time of day.
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(change, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(change)
    pthread_mutex_destroy(mutex)
    change.deallocate()
    mutex.deallocate()
  }

  /// Ends the wait, or the next one; never blocks.
  package func ring() {
    pthread_mutex_lock(mutex)
    rings = true
    pthread_cond_signal(change)
    pthread_mutex_unlock(mutex)
  }

  /// Blocks until it rings.
  package func wait() {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while !rings { pthread_cond_wait(change, mutex) }
    rings = false
  }

  /// Blocks until it rings, or for `timeout`; not at all where that is negative.
  ///
  /// - Returns: whether it rang.
  package func wait(atMost timeout: Duration) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var end = Alarm.moment(after: max(timeout, .zero))
    while !rings {
      if pthread_cond_timedwait(change, mutex, &end) == ETIMEDOUT { return false }
    }
    rings = false
    return true
  }

  private static func moment(after timeout: Duration) -> timespec {
    var moment = timespec()
    clock_gettime(CLOCK_MONOTONIC, &moment)
    let (seconds, attoseconds) = timeout.components
    let nanoseconds = moment.tv_nsec + Int(attoseconds / 1_000_000_000)
    moment.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
    moment.tv_nsec = nanoseconds % 1_000_000_000
    return moment
  }
}
