import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderWire
import Testing

@Suite("Options of larderd")
struct DaemonOptionTests {
  private static func statistics(
    _ daemon: DaemonProcess, realm: String = "default"
  ) throws -> StatisticsMessage {
    try daemon.connect(to: realm).control(.stats)
  }

  @Test("--memory bounds what is kept in memory, 0 keeps nothing there", arguments: [0, 16])
  func memory(mebibytes: Int) async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(
        in: try Scratch(), options: ["--memory", "\(mebibytes)"])
      let client = try daemon.connect()
      var generator = SeededGenerator(seed: 3)
      // A half more than 16 MiB.
      let blobs = (0..<96).map { _ in generator.bytes(250_000) }
      let digests = try blobs.map { try client.put($0).digest }
      for _ in 0..<3 {
        for (digest, bytes) in zip(digests, blobs) { #expect(try client.get(digest) == bytes) }
      }
      for _ in 0..<3 { #expect(try client.get(digests[0]) == blobs[0]) }
      let memory = try Self.statistics(daemon).memory
      #expect(memory.residentBytes <= mebibytes << 20)
      #expect(
        (memory.hits > 0) == (mebibytes > 0) && (memory.residentBytes > 0) == (memory.hits > 0))
    }
  }

  @Test("--realm-quota bounds one realm, and its statistics and 'larder status' say how far it is")
  func realmQuota() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(
        in: try Scratch(), realms: ["jobs"], options: ["--realm-quota", "jobs=1"])
      _ = try daemon.connect(to: "jobs").put([1, 2, 3])
      let statistics = try Self.statistics(daemon, realm: "jobs")
      let (jobs, machine) = (statistics.store, try #require(statistics.machine))
      #expect(jobs.quotaBytes == 1 << 30 && machine.quotaBytes == 2 << 30)
      #expect(jobs.diskBytes > 0 && jobs.diskBytes <= machine.diskBytes)
      let other = try Self.statistics(daemon).store
      #expect(other.diskBytes == 0 && other.quotaBytes == 2 << 30)
      let status = try daemon.larder("status", realm: "jobs")
      #expect(status.text.contains("of 1.0 GiB"), "\(status)")
    }
  }

  @Test("the store is scrubbed at the first start, and the next one remembers when")
  func scrub() async throws {
    try await blocking {
      let folder = try Scratch()
      let first = try DaemonProcess.start(in: folder)
      try first.settle { $0.machine?.lastScrub != nil }
      let time = try Self.statistics(first).machine?.lastScrub
      #expect(first.end() == 0)
      let second = try DaemonProcess.start(in: folder, options: ["--scrub-every", "0"])
      try second.settle { $0.machine?.lastScrub == time }
      #expect(try second.larder("status").text.contains("last scrub 20"))
    }
  }

  @Test(
    "a number out of range ends with 64 and names the option",
    arguments: [
      ["--memory", "5"], ["--scrub-every", "-1"], ["--scrub-every", "400"], ["--quota", "0"],
      ["--realm-quota", "jobs=1"], ["--update-every", "9s"], ["--update-every", "31d"],
      ["--update-every", "ten"], ["--keep-releases", "0"], ["--keep-releases", "257"],
      ["--keep-days", "-1"], ["--complete", "some"],
    ])
  func range(options: [String]) async throws {
    try await blocking {
      let ended = try #require(throws: DaemonProcess.Ended.self) {
        try DaemonProcess.start(in: try Scratch(), options: options)
      }
      #expect(ended.status == 64 && ended.log.contains(options[0]), "\(ended)")
    }
  }
}
