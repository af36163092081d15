import Foundation
import Glibc

/// Runs `body` on so many threads of its own and waits for all.
func threads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let group = DispatchGroup()
  for number in 0..<count {
    group.enter()
    let thread = Thread {
      body(number)
      group.leave()
    }
    thread.start()
  }
  group.wait()
}

/// Waits for another thread: a minute at most, which only a defect takes.
func eventually(_ isSo: () -> Bool) -> Bool {
  let end = ContinuousClock.now + .seconds(60)
  while !isSo() {
    if ContinuousClock.now > end { return false }
    sched_yield()
  }
  return true
}
