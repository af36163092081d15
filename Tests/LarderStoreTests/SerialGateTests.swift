import Foundation
import LarderCore
import Testing

@testable import LarderStore

@Suite("The gate in front of I/O")
struct SerialGateTests {
  @Test("Who waits at a fair gate passes before one who comes back")
  func fair() {
    let gate = SerialGate(isFair: true)
    let order = Locked<[String]>([])
    let isDone = DispatchSemaphore(value: 0)
    gate.enter()
    Thread.detachNewThread {
      gate.pass { order.withLock { $0.append("who waited") } }
      isDone.signal()
    }
    #expect(eventually { gate.isWaitedFor })
    gate.leave()
    gate.pass { order.withLock { $0.append("who came back") } }
    isDone.wait()
    #expect(order.withLock { $0 } == ["who waited", "who came back"])
    #expect(!gate.isWaitedFor)
  }
}
