import Glibc

/// Lets one thread at a time do I/O; the others block in front of it.
///
/// Unlike `Locked` it may be held across system calls. Its queue is as long as the callers' thread
/// pool, which bounds it.
final class SerialGate: Sendable {
  // Safety: set once in init, freed in deinit; pthread mutexes are made to be shared.
  private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` alone; not reentrant.
  func pass<Result: ~Copyable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    enter()
    defer { leave() }
    return try body()
  }

  /// Waits for its turn; every call is followed by `leave` on the same thread.
  func enter() { pthread_mutex_lock(mutex) }

  func leave() { pthread_mutex_unlock(mutex) }
}
