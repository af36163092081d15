import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

/// Keeps what each sync put on the device, and takes back the rest as a power cut would.
///
/// The index is left as it is, which is the harder case: its rows may outlive the payloads that
/// they name if ever one is written before its payload is synced.
private final class Power: FaultInjector {
  private let synced = Locked<[FilePath: [UInt8]]>([:])

  func fault(in operation: FileOperation) -> FileFault? {
    if operation.call == .fdatasync, let bytes = try? contents(operation.path) {
      synced.withLock { $0[operation.path] = bytes }
    }
    return nil
  }

  /// Each sector of 512 bytes that was not synced survives with a chance of `survival` in four.
  func cut(_ segments: [FilePath], survival: UInt64, random: inout Seeded) throws {
    for path in segments {
      guard let device = synced.withLock({ $0[path] }) else {
        // Neither its name nor its bytes were synced.
        if survival == 0 { try FileSystem.real.unlink(path) }
        continue
      }
      var bytes = try contents(path)
      for start in stride(from: 0, to: bytes.count, by: 512) {
        if random.next() % 4 < survival { continue }
        for index in start..<min(start + 512, bytes.count) {
          bytes[index] = index < device.count ? device[index] : 0
        }
      }
      try overwrite(path, at: 0, with: bytes)
    }
  }
}

@Suite("Power cuts")
struct StorePowerTests {
  @Test(
    "Durable blobs survive, the others survive whole or not at all",
    arguments: [0, 1, 2, 3] as [UInt64], [1, 2, 3])
  func cut(survival: UInt64, seed: UInt64) throws {
    print("seed \(seed)")
    let scratch = Scratch()
    let power = Power()
    var random = Seeded(seed * 100 + survival)
    var durable: [RealmID: Set<[UInt8]>] = [:]
    var accepted: [RealmID: Set<[UInt8]>] = [:]
    for _ in 0..<6 {
      var store: Store? = try Store.filled(
        scratch.path, options: .small, system: FileSystem(faults: power))
      for (realm, blobs) in durable {
        for blob in blobs { #expect(try store?.read(digest(blob), in: [realm]) == blob) }
      }
      for (realm, blobs) in accepted {
        for blob in blobs where store?.stat(digest(blob), in: [realm]) != nil {
          #expect(try store?.read(digest(blob), in: [realm]) == blob)
        }
      }
      for _ in 0..<Int(random.next() % 20) {
        let realm = random.next() % 3 == 0 ? realmB : realmA
        let blob = random.noise(Int(random.next() % 15_000))
        let isDurable = random.next() % 4 == 0
        try store?.put(blob, in: realm, ack: isDurable ? .durable : .accepted)
        if isDurable {
          durable[realm, default: []].insert(blob)
        } else {
          accepted[realm, default: []].insert(blob)
        }
      }
      if random.next() % 4 == 0 { try store?.sync() }
      store = nil
      try power.cut(try scratch.segments(), survival: survival, random: &random)
    }
  }
}
