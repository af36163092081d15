import DiskRig
import Glibc
import LarderClient
import LarderCore
import LarderMessages
import LarderWire
import Testing

@Suite("Requests by the hundred thousand, faulty ones among them")
struct FaultyRequestTests {
  private static let growthMax = 4 << 20
  /// The allocator gives back what is freed where it can (mallopt(3)), so that what is resident is
  /// what is held, but for the holes between.
  private static let allocator = [
    "MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536",
  ]
  private static let clients = 2

  @Test("leave descriptors, threads and memory as they were")
  func footprint() async throws {
    try await blocking {
      let (seed, requests) = (Campaign.anySeed, Campaign.size("REQUESTS", 100_000))
      let daemon = try DaemonProcess.start(in: try Scratch(), environment: Self.allocator)
      // Only an administrator sees what others do.
      let observer = try BlockingClient(path: daemon.socket + ".admin")
      let stored = try Self.fill(observer, seed: seed)
      // All that is made once and kept: threads, the first segment, slabs, caches, the heap's extent.
      try Self.run(100_000, daemon, stored, seed: seed)
      let before = try Self.settle(daemon, observer) { _ in true }
      try Self.run(requests, daemon, stored, seed: seed &+ 1)
      let after = try Self.settle(daemon, observer) { after in
        after.descriptors == before.descriptors && after.threads == before.threads
          && after.privateBytes <= before.privateBytes + Self.growthMax
      }
      print("faulty requests: before \(before), after \(after)")
      #expect(after.descriptors == before.descriptors, "seed \(seed)")
      #expect(after.threads == before.threads, "seed \(seed)")
      #expect(after.privateBytes <= before.privateBytes + Self.growthMax, "seed \(seed)")
      Campaign.report("faulty-requests", requests, seed)
      #expect(daemon.end() == 0)
    }
  }

  /// Stores what is asked for.
  private static func fill(
    _ client: BlockingClient, seed: UInt64
  ) throws -> FaultyClient.Stored {
    var random = SeededGenerator(seed: seed)
    let small = try [0, 40, 4_000, 30_000].map { try client.put(random.bytes($0)).digest }
    return FaultyClient.Stored(small: small, large: try client.put(random.bytes(4 << 20)).digest)
  }

  private static func run(
    _ requests: Int, _ daemon: DaemonProcess, _ stored: FaultyClient.Stored, seed: UInt64
  ) throws {
    try concurrently(clients) { number in
      var client = FaultyClient(daemon.socket, stored, seed: seed &* 31 &+ UInt64(number))
      while client.requests < requests / clients { try client.connect() }
    }
  }

  /// The daemon's footprint once nobody is connected but the observer, and `isSettled`; or after
  /// half a minute.
  private static func settle(
    _ daemon: DaemonProcess, _ observer: BlockingClient, _ isSettled: (ProcessFootprint) -> Bool
  ) throws -> ProcessFootprint {
    let end = ContinuousClock.now + .seconds(30)
    while true {
      let statistics: StatisticsMessage = try observer.control(.stats)
      let footprint = try ProcessFootprint(of: daemon.id)
      let isDone = statistics.machine?.connections.open == 1 && isSettled(footprint)
      if isDone || ContinuousClock.now > end { return footprint }
      sched_yield()
    }
  }
}
