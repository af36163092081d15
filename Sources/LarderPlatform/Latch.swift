import Glibc

/// Closed at first, opened once, open for ever: threads wait in front of it.
package final class Latch: Sendable {
  // Safety: set once in init and freed in deinit; pthread objects are made to be shared by threads.
  private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
  // Safety: as above.
  private nonisolated(unsafe) let change: UnsafeMutablePointer<pthread_cond_t>
  // Safety: touched only while `mutex` is held.
  private nonisolated(unsafe) var isUp = false

  package init() {
    mutex = .allocate(capacity: 1)
    change = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(change, nil)
  }

  deinit {
    pthread_cond_destroy(change)
    pthread_mutex_destroy(mutex)
    change.deallocate()
    mutex.deallocate()
  }

  /// Lets everybody through, now and later.
  package func open() {
    pthread_mutex_lock(mutex)
    isUp = true
    pthread_cond_broadcast(change)
    pthread_mutex_unlock(mutex)
  }

  /// Blocks until it is open.
  package func wait() {
    pthread_mutex_lock(mutex)
    while !isUp { pthread_cond_wait(change, mutex) }
    pthread_mutex_unlock(mutex)
  }
}
