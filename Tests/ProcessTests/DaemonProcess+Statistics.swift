import Glibc
import LarderClient
import LarderMessages
import LarderWire
import Testing

extension DaemonProcess {
  /// Asks for STATS again and again until they are as awaited, for half a minute at most.
  func settle(
    _ realm: String = "default", _ isSettled: (StatisticsMessage) -> Bool
  ) throws {
    let client = try connect(to: realm)
    let end = ContinuousClock.now + .seconds(30)
    while true {
      let statistics: StatisticsMessage = try client.control(.stats)
      if isSettled(statistics) { return }
      try #require(ContinuousClock.now < end, "still \(statistics)")
      sched_yield()
    }
  }
}
