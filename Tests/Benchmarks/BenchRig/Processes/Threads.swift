import Glibc
import LarderCore
import LarderPlatform
import Synchronization

/// Runs a loop over numbers on several threads.
package enum Threads {
  /// As many as the machine runs at once.
  package static let available = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// Calls `body` with each of 0 to `count` - 1 once, on `threads` threads at a time, in no order.
  ///
  /// - Parameter makeContext: called once by each thread for what it needs of its own.
  /// - Throws: the first error of a body; the other threads stop at their next number.
  package static func forEach<Context>(
    _ count: Int, threads: Int, makeContext: @escaping @Sendable () -> Context,
    _ body: @escaping @Sendable (inout Context, Int) throws -> Void
  ) throws {
    let next = Atomic(0)
    let failure = Locked<(any Error)?>(nil)
    let work: @Sendable () -> Void = {
      var context = makeContext()
      while true {
        let number = next.add(1, ordering: .relaxed).oldValue
        if number >= count { return }
        do {
          try body(&context, number)
        } catch {
          failure.withLock { $0 = $0 ?? error }
          next.store(count, ordering: .relaxed)
        }
      }
    }
    let pool = WorkerPool(name: "bench", threadCount: threads, queueMax: threads)
    for _ in 0..<threads { _ = pool.submit(work) }
    pool.close()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
