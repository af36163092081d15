#if LARDER_THREAD_SANITIZER
  import Glibc
#else
  public import Synchronization
#endif

/// State that one thread at a time may touch: the one lock of the house.
///
/// Nothing that waits happens under it: no I/O, no callback, no await. Under the thread sanitizer
/// it is a pthread mutex, since the sanitizer does not know `Synchronization.Mutex` and reports
/// races that are none.
///
/// Usable from inline, so that other modules inline the lock: by way of generic code it costs ten
/// times as much.
@usableFromInline package final class Locked<State>: Sendable {
  #if LARDER_THREAD_SANITIZER
    // Safety: both pointers are set once, in init, and `state` is touched only between lock and
    // unlock.
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
    // Safety: as above.
    private nonisolated(unsafe) let state: UnsafeMutablePointer<State>

    package init(_ initial: sending State) {
      mutex = .allocate(capacity: 1)
      pthread_mutex_init(mutex, nil)
      state = .allocate(capacity: 1)
      state.initialize(to: initial)
    }

    deinit {
      state.deinitialize(count: 1)
      state.deallocate()
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }

    /// Runs `body` alone with the state.
    package func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout sending State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return try body(&state.pointee)
    }
  #else
    @usableFromInline let mutex: Mutex<State>

    package init(_ initial: consuming sending State) {
      mutex = Mutex(initial)
    }

    /// Runs `body` alone with the state.
    @inlinable package func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout sending State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      try mutex.withLock(body)
    }
  #endif
}
