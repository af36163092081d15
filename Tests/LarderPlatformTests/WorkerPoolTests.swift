import LarderCore
import LarderPlatform
import Testing

@Suite("A worker pool")
struct WorkerPoolTests {
  @Test("runs every job that it took before it closes")
  func runsAllJobs() {
    let pool = WorkerPool(name: "test", threadCount: 2, queueMax: 1000)
    let count = Locked(0)
    for _ in 0..<1000 {
      while !pool.submit({ count.withLock { $0 += 1 } }) {}
    }
    pool.close()
    #expect(count.withLock { $0 } == 1000)
  }

  @Test("hands a result back to the task that waits for it")
  func returnsResult() async {
    let pool = WorkerPool(name: "test", threadCount: 1, queueMax: 1)
    let result = await pool.run { 42 }
    #expect(result == 42)
    pool.close()
  }

  @Test("refuses the job after the last that may wait, and takes it when there is room")
  func refusesBeyondLimit() async {
    let pool = WorkerPool(name: "test", threadCount: 1, queueMax: 2)
    let gate = WorkerPoolGate()
    #expect(pool.submit { gate.wait() })
    gate.waitUntilReached()
    #expect(pool.submit {})
    #expect(pool.submit {})
    #expect(!pool.submit {})
    gate.open()
    pool.close()
  }

  @Test("takes nothing once it is closed")
  func refusesAfterClose() async {
    let pool = WorkerPool(name: "test", threadCount: 1, queueMax: 1)
    pool.close()
    #expect(!pool.submit {})
    #expect(await pool.run { 1 } == nil)
  }
}

/// Holds a job until the test lets it go.
private final class WorkerPoolGate: Sendable {
  private let reached = Locked(false)
  private let opened = Locked(false)

  func wait() {
    reached.withLock { $0 = true }
    while !opened.withLock({ $0 }) {}
  }

  func waitUntilReached() { while !reached.withLock({ $0 }) {} }

  func open() { opened.withLock { $0 = true } }
}
