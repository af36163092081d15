import LarderCore
import Testing

@Suite struct LockedTests {
  private struct Refusal: Error {}

  @Test("Changes from many tasks are all kept")
  func exclusive() async {
    let count = Locked(0)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<10_000 { count.withLock { $0 += 1 } } }
      }
    }
    #expect(count.withLock { $0 } == 80_000)
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
