import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

/// Random operations against a dictionary, with reopenings, deaths, power cuts and faults
/// between them.
@Suite("Store against a model")
struct StoreModelTests {
  @Test("It agrees with a dictionary", arguments: [11, 12, 13, 14, 15, 16] as [UInt64])
  func model(seed: UInt64) throws {
    print("seed \(seed)")
    let faults = Faults()
    var disk = try SimulatedDisk(faults: faults)
    var random = Seeded(seed)
    var options = Store.Options.small
    options.unsyncedRecordsMax = 40
    var store: Store? = try Store.filled(disk.path, options: options, system: disk.system)
    // What was acknowledged, by realm; and of that what a power cut must leave.
    var model: [RealmID: [Digest: [UInt8]]] = [realmA: [:], realmB: [:]]
    var durable: [RealmID: Set<Digest>] = [realmA: [], realmB: []]
    var refused: [(RealmID, Digest)] = []
    let pool = (0..<60).map { number in
      number % 2 == 0
        ? random.noise(Int(random.next() % 6000)) : random.text(Int(random.next() % 30_000))
    }
    for step in 0..<400 {
      let bytes = pool[Int(random.next() % 60)]
      let name = digest(bytes)
      let realm = random.next() % 2 == 0 ? realmA : realmB
      switch random.next() % 20 {
      case 0..<8:
        let ack: AckLevel = step % 3 == 0 ? .durable : .accepted
        let result = try store?.put(bytes, in: realm, ack: ack)
        #expect(result?.deduplicated == (model[realm]?[name] != nil) || bytes.count <= 4096)
        model[realm]?[name] = bytes
        if ack == .durable { durable[realm]?.insert(name) }
      case 8:
        // What nobody keeps may go when a disk is full.
        for (realm, blobs) in model { try store?.keep(blobs.keys, in: realm) }
        let calls = Locked(Int(random.next() % 6))
        faults.set { call, _, _ in
          guard call == .pwrite || call == .fallocate else { return nil }
          return calls.withLock { left in
            left -= 1
            return left < 0 ? .fail(.noSpace) : nil
          }
        }
        let failure = code { try store?.put(bytes, in: realm) }
        faults.set(nil)
        if failure == nil {
          model[realm]?[name] = bytes
        } else {
          #expect(failure == .noSpace)
          if model[realm]?[name] == nil { refused.append((realm, name)) }
        }
      case 9:
        try store?.sync()
        durable = model.mapValues { Set($0.keys) }
      case 10:
        try store?.close()
        store = nil
        store = try Store.filled(disk.path, options: options, system: disk.system)
        #expect(store?.opening == OpeningReport())
      case 11:
        store = nil
        store = try Store.filled(disk.path, options: options, system: disk.system)
        #expect(store?.opening.incompleteBlobs == 0)
        #expect(store?.opening.damagedRecords == 0)
      case 12 where step % 5 == 0:
        store = nil
        try disk.system.unlink(disk.path.appending("index.sqlite"))
        store = try Store.filled(disk.path, options: options, system: disk.system)
      case 13 where step % 2 == 0:
        let files = disk.afterCrash(step % 4 == 0 ? .some : .nothing, random: &random)
        store = nil
        disk = try SimulatedDisk(files, faults: faults)
        store = try Store.filled(disk.path, options: options, system: disk.system)
        for (realm, names) in durable {
          for name in names { #expect(store?.stat(name, in: [realm]) != nil, "step \(step)") }
        }
        for realm in [realmA, realmB] {
          model[realm] = model[realm]?.filter { store?.stat($0.key, in: [realm]) != nil }
        }
      default:
        let expected = model[realm]?[name]
        if let expected {
          #expect(store?.stat(name, in: [realm])?.size.value == Int64(expected.count))
          #expect(try store?.read(name, in: [realm]) == expected)
        } else if bytes.count > 4096 {
          // A large blob is found by its list alone; a small one may be a chunk of another.
          #expect(store?.stat(name, in: [realm]) == nil)
        }
      }
    }
    for (realm, blobs) in model {
      for (name, bytes) in blobs { #expect(try store?.read(name, in: [realm]) == bytes) }
      #expect((store?.statistics.realms[realm]?.blobs ?? 0) <= blobs.count + refused.count)
    }
  }
}
