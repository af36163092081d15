import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Random damage")
struct StoreDamageTests {
  @Test(
    "Whatever happened to its files, a store opens or refuses, and gives right bytes or none",
    arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func damage(seed: UInt64) throws {
    print("seed \(seed)")
    var random = Seeded(seed)
    for _ in 0..<8 {
      let scratch = Scratch()
      let blobs = (0..<12).map { number in
        number % 2 == 0
          ? random.noise(Int(random.next() % 9000)) : random.text(Int(random.next() % 20_000))
      }
      do {
        let store = try Store.filled(scratch.path, options: .small)
        for (number, blob) in blobs.enumerated() {
          try store.put(blob, in: number % 3 == 0 ? realmB : realmA)
        }
        if random.next() % 2 == 0 { try store.close() }
      }
      let files = try scratch.segments() + [scratch.path.appending("index.sqlite")]
      for _ in 0..<1 + Int(random.next() % 6) {
        let file = files[Int(random.next() % UInt64(files.count))]
        let size = try contents(file).count
        let place = Int(random.next() % UInt64(max(1, min(size, 30_000))))
        switch random.next() % 4 {
        case 0: try truncate(file, to: place)
        case 1: try overwrite(file, at: place, with: random.noise(1 + Int(random.next() % 3)))
        case 2: try overwrite(file, at: place & ~511, with: [UInt8](repeating: 0, count: 512))
        default: try overwrite(file, at: place, with: random.noise(600))
        }
      }
      do {
        let store = try Store.filled(scratch.path, options: .small)
        for blob in blobs {
          for realm in [realmA, realmB] {
            if let bytes = try? store.read(digest(blob), in: [realm]) { #expect(bytes == blob) }
          }
          // Whatever was lost, putting it again heals it.
          try store.put(blob, ack: .durable)
          #expect(try store.read(digest(blob), in: [realmA]) == blob)
        }
      } catch {
        let error = try #require(error as? StoreError)
        Issue.record("\(error)")
      }
    }
  }
}
