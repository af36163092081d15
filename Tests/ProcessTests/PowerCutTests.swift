import DiskRig
import Foundation
import Testing

@Suite(
  "Power cuts on ext4", .serialized,
  .enabled(if: LoopDisk.isAvailable, "needs root, and leave to mount a file system in a file"))
struct PowerCutTests {
  /// `make soak` asks for more.
  private static let cuts = Campaign.size("POWER_CUTS", 5)
  /// A store of its own for so many, so that none outgrows its disk.
  private static let cutsOfOneDisk = 50
  private static let seed = Campaign.anySeed

  @Test("lose nothing that was durable, and leave the rest whole or absent")
  func cuts() async throws {
    print("power cuts: seed \(Self.seed)")
    try await blocking {
      var durable = 0
      for first in stride(from: 0, to: Self.cuts, by: Self.cutsOfOneDisk) {
        let trial = try PowerTrial(seed: Self.seed &+ UInt64(first))
        for number in first..<min(first + Self.cutsOfOneDisk, Self.cuts) {
          #expect(try trial.round(number) == [])
        }
        durable += trial.durable
      }
      #expect(durable > 3 * Self.cuts)
      Campaign.report("power-cuts", Self.cuts, Self.seed)
      print("power cuts: \(durable) durable blobs")
    }
  }

  @Test("show a daemon whose syncs do nothing")
  func withoutSync() async throws {
    try await blocking {
      let folder = try Scratch()
      // In front of the C library's own.
      try folder.write(
        Array("int fsync(int f) { return 0; }\nint fdatasync(int f) { return 0; }\n".utf8),
        to: "nosync.c")
      let library = folder.path("nosync.so")
      let compiled = try Outcome.of(
        "/usr/bin/cc", ["-shared", "-fPIC", "-o", library, folder.path("nosync.c")])
      try #require(compiled.status == 0, "\(compiled)")
      let trial = try PowerTrial(seed: Self.seed, environment: ["LD_PRELOAD": library])
      var found: [String] = []
      for number in 0..<20 where found.isEmpty {
        // A disk on which nothing was synced may not even start again: that is a finding, too.
        do { found = try trial.round(number) } catch { found = ["\(error)"] }
      }
      #expect(!found.isEmpty, "no cut showed it")
      print("without sync: \(found.first ?? "")")
    }
  }
}
