import Foundation
import LarderCore
import Testing

@Suite struct LockedTests {
  private struct Refusal: Error {}

  /// A thread gives way now and then between reading and writing, so that a lock which does not hold
  /// the others off loses changes on one processor, too.
  @Test("Two threads at the same time lose none of 200,000 changes")
  func race() async {
    let (count, arrived) = (Locked(0), Locked(0))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask {
          await onThread {
            arrived.withLock { $0 += 1 }
            while arrived.withLock({ $0 }) < 2 { sched_yield() }
            for _ in 0..<100_000 {
              count.withLock { count in
                let read = count
                if read % 5_000 == 0 { sched_yield() }
                count = read + 1
              }
            }
          }
        }
      }
    }
    #expect(count.withLock { $0 } == 200_000)
  }

  @Test("An error leaves what was changed before it, and the lock open")
  func throwing() {
    let state = Locked([1])
    #expect(throws: Refusal.self) {
      try state.withLock { state in
        state.append(2)
        throw Refusal()
      }
    }
    #expect(state.withLock { $0 } == [1, 2])
  }
}

/// Runs `body` on a thread of its own.
private func onThread(_ body: @escaping @Sendable () -> Void) async {
  await withCheckedContinuation { ended in
    Thread.detachNewThread {
      body()
      ended.resume()
    }
  }
}
