import Glibc

/// Lets one thread at a time do I/O; the others block in front of it.
///
/// Unlike `Locked` it may be held across system calls. Its queue is as long as the callers' thread
/// pool, which bounds it.
///
/// A mutex goes to whoever takes it first, which is cheapest and may be one thread again and again.
/// A fair gate has a turnstile in front of it: who waits stands in that, so that who comes back has
/// to stand behind.
final class SerialGate: Sendable {
  // Safety: set once in init, freed in deinit; pthread mutexes are made to be shared.
  private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
  // Safety: as above.
  private nonisolated(unsafe) let turnstile: UnsafeMutablePointer<pthread_mutex_t>?

  init(isFair: Bool = false) {
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    turnstile = isFair ? .allocate(capacity: 1) : nil
    if let turnstile { pthread_mutex_init(turnstile, nil) }
  }

  deinit {
    for mutex in [mutex, turnstile] {
      guard let mutex else { continue }
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }
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
  func enter() {
    if let turnstile { pthread_mutex_lock(turnstile) }
    pthread_mutex_lock(mutex)
    if let turnstile { pthread_mutex_unlock(turnstile) }
  }

  func leave() { pthread_mutex_unlock(mutex) }

  /// Whether somebody stands in the turnstile of a fair gate, and comes next.
  var isWaitedFor: Bool {
    guard let turnstile, pthread_mutex_trylock(turnstile) != 0 else {
      if let turnstile { pthread_mutex_unlock(turnstile) }
      return false
    }
    return true
  }
}
