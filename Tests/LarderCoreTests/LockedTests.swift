import Foundation
import LarderCore
import Testing

@Suite("The lock")
struct LockedTests {
  @Test("lets one thread at a time change the state")
  func exclusion() {
    let count = Locked(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<10_000 { count.withLock { $0 += 1 } }
    }
    #expect(count.withLock { $0 } == 80_000)
  }

  @Test("is free again after its body has thrown")
  func throwing() {
    struct Refusal: Error {}
    let state = Locked(1)
    #expect(throws: Refusal.self) {
      try state.withLock { (value) throws(Refusal) in
        value = 2
        throw Refusal()
      }
    }
    #expect(state.withLock { $0 } == 2)
  }
}
