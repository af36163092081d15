import DiskRig
import LarderCore
import SystemPackage
import Testing

@testable import LarderStore

/// A store of 48 MiB on a disk of 64 MiB under everything that hosts do to it, for as long as asked.
///
/// 20,000 operations here, which write some seven times the quota; `LARDER_SPACE_QUOTAS` asks for
/// more.
@Suite(
  "Endurance", .enabled(if: SmallDisk.isAvailable, "needs root, and leave to mount a file system"))
struct StoreEnduranceTests {
  @Test("Readers meet no full disk, leased blobs stay, and the accounting equals a recount")
  func mixedLoad() throws {
    let wanted = Int64(Campaign.size("SPACE_QUOTAS", 2)) * MixedLoad.quota.value
    for seed in Campaign.seeds(1) {
      let disk = try SmallDisk(mebibytes: 64)
      var record = MixedLoad.Record()
      var life: UInt64 = 0
      while record.operations < 20_000 || record.writtenBytes < wanted {
        let load = try MixedLoad(at: disk.path.appending("store"), after: record)
        record = try load.run(operations: 1000, seed: seed << 32 | life)
        life += 1
      }
      Campaign.report("space", record.operations, seed)
      print(
        """
        seed \(seed): \(record.writtenBytes >> 20) MiB written, \(record.evictions) segments \
        collected, \(record.reads) reads beside, \(record.leasedReads) of them leased, \
        \(life) lives
        """)
      #expect(record.findings == [])
      // It was about space: what was written does not fit.
      #expect(record.writtenBytes > 2 * MixedLoad.quota.value)
      #expect(record.evictions > 0)
      #expect(record.leasedReads > 0)
    }
  }
}
