import CPlatform
import Glibc
import LarderCore

/// A fixed number of threads for work that blocks: file I/O, SQLite, compression.
///
/// Neither an event loop nor Swift's cooperative pool may wait on a disk; both hand such work over
/// here. Jobs start in the order in which they came.
package final class WorkerPool: Sendable {
  /// A job: runs once, on one of the pool's threads, and may block.
  package typealias Job = @Sendable () -> Void

  private struct Queue {
    var jobs: ArraySlice<Job> = []
    var isClosed = false
  }

  // Safety: set once in init and freed in deinit; pthread objects are made to be shared by threads.
  private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
  // Safety: as above.
  private nonisolated(unsafe) let arrival: UnsafeMutablePointer<pthread_cond_t>
  // Safety: touched only while `mutex` is held.
  private nonisolated(unsafe) var queue = Queue()
  private let threads = Locked<[pthread_t]>([])
  private let name: String

  /// Jobs that may wait for a thread in `submit`.
  package let queueMax: Int

  /// Starts the threads; they carry `name` in a debugger and in `/proc` (15 bytes are kept).
  ///
  /// - Precondition: at least one thread, and room for one waiting job.
  package init(name: String, threadCount: Int, queueMax: Int) {
    precondition(threadCount > 0 && queueMax > 0, "a pool needs a thread and room for a job")
    self.name = name
    self.queueMax = queueMax
    mutex = .allocate(capacity: 1)
    arrival = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(arrival, nil)
    let started = (0..<threadCount).map { _ in start() }
    threads.withLock { $0 = started }
  }

  deinit {
    pthread_cond_destroy(arrival)
    pthread_mutex_destroy(mutex)
    arrival.deallocate()
    mutex.deallocate()
  }

  /// Queues a job; false if `queueMax` jobs wait already or the pool is closed.
  package func submit(_ job: @escaping Job) -> Bool {
    enqueue(job, atMost: queueMax)
  }

  /// Runs `body` on the pool and suspends until it is done; nil if the pool is closed.
  ///
  /// Waits behind any number of jobs: callers are tasks, and what starts tasks bounds them.
  package func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result? {
    await withCheckedContinuation { continuation in
      let queued = enqueue({ continuation.resume(returning: body()) }, atMost: .max)
      if !queued { continuation.resume(returning: nil) }
    }
  }

  /// Runs what is queued, takes nothing more, and returns when all threads have ended.
  ///
  /// Blocks; not to be called from one of the pool's own jobs.
  package func close() {
    pthread_mutex_lock(mutex)
    queue.isClosed = true
    pthread_cond_broadcast(arrival)
    pthread_mutex_unlock(mutex)
    let started = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in started { pthread_join(thread, nil) }
  }

  private func enqueue(_ job: @escaping Job, atMost limit: Int) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !queue.isClosed, queue.jobs.count < limit else { return false }
    queue.jobs.append(job)
    pthread_cond_signal(arrival)
    return true
  }

  private func next() -> Job? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while queue.jobs.isEmpty, !queue.isClosed { pthread_cond_wait(arrival, mutex) }
    guard let job = queue.jobs.first else { return nil }
    // A slice keeps what it dropped until its memory moves, and a job may hold large things.
    queue.jobs[queue.jobs.startIndex] = {}
    queue.jobs.removeFirst()
    return job
  }

  private func start() -> pthread_t {
    var thread = pthread_t()
    // The thread keeps the pool alive until `close` has ended it.
    let context = Unmanaged.passRetained(self).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let pool = Unmanaged<WorkerPool>.fromOpaque(context).takeRetainedValue()
        larder_name_thread(pool.name)
        while let job = pool.next() { job() }
        return nil
      }, context)
    precondition(status == 0, "cannot start a thread: errno \(status)")
    return thread
  }
}
