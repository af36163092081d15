import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

/// Random operations against a dictionary, with reopenings, deaths and faults between them.
@Suite("Store against a model")
struct StoreModelTests {
  @Test("It agrees with a dictionary", arguments: [11, 12, 13, 14, 15, 16] as [UInt64])
  func model(seed: UInt64) throws {
    print("seed \(seed)")
    let scratch = Scratch()
    let faults = Faults()
    var random = Seeded(seed)
    var options = Store.Options.small
    options.unsyncedRecordsMax = 40
    var store: Store? = try Store.filled(scratch.path, options: options, system: faults.system)
    // What was acknowledged, by realm.
    var model: [RealmID: [Digest: [UInt8]]] = [realmA: [:], realmB: [:]]
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
        let result = try store?.put(bytes, in: realm, ack: step % 3 == 0 ? .durable : .accepted)
        #expect(result?.deduplicated == (model[realm]?[name] != nil) || bytes.count <= 4096)
        model[realm]?[name] = bytes
      case 8:
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
      case 9: try store?.sync()
      case 10:
        try store?.close()
        store = nil
        store = try Store.filled(scratch.path, options: options, system: faults.system)
        #expect(store?.opening == OpeningReport())
      case 11:
        store = nil
        store = try Store.filled(scratch.path, options: options, system: faults.system)
        #expect(store?.opening.incompleteBlobs == 0)
        #expect(store?.opening.damagedRecords == 0)
      case 12 where step % 5 == 0:
        store = nil
        try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
        store = try Store.filled(scratch.path, options: options, system: faults.system)
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
