import DiskRig
import Glibc
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Filling the table behind an open store")
struct StoreFillTests {
  let scratch = Scratch()

  /// A store of some blobs, 80 to a segment, closed; and those blobs.
  private func closed(_ count: Int = 60) throws -> [[UInt8]] {
    var random = Seeded(31)
    let blobs = (0..<count).map { _ in random.noise(700) }
    let store = try Store.filled(scratch.path, options: .small)
    for blob in blobs { try store.put(blob) }
    try store.close()
    return blobs
  }

  /// Opens the store, and holds the fill back in front of the index until `body` has run.
  private func whileUnfilled(_ body: (Store) throws -> Void) throws -> Store {
    let store = try Store.open(scratch.path, options: .small)
    store.waitUntilFilled()
    // As the opening left it.
    store.state.withLock { state in
      state.filling = Filling()
      state.table = MemoryTable()
      state.content = [:]
      for slot in state.segments.indices {
        state.segments[slot].liveRecords = 0
        state.segments[slot].liveBytes = 0
        state.segments[slot].usedBytes = 0
      }
    }
    try body(store)
    return store
  }

  @Test("Before the table is filled, the index answers")
  func index() throws {
    let blobs = try closed()
    let store = try whileUnfilled { (store) throws in
      for blob in blobs {
        #expect(store.stat(digest(blob), in: [realmB, realmA])?.size.value == 700)
        #expect(try store.read(digest(blob), in: [realmA]) == blob)
        #expect(store.stat(digest(blob), in: [realmB]) == nil)
      }
      #expect(store.stat(digest([1]), in: [realmA]) == nil)
      #expect(!store.isFilled)
    }
    #expect(store.statistics.total.blobs == 60)
  }

  @Test("Before the table is filled, large blobs are read and held with all their chunks")
  func largeBlobs() throws {
    var random = Seeded(32)
    let large = random.noise(40_000)
    let name = digest(large)
    let before = try Store.filled(scratch.path, options: .small)
    try before.put(large)
    try before.close()
    _ = try whileUnfilled { (store) throws in
      let lease = try store.hold([name], in: realmA)
      let list = try store.readList(try #require(store.find(name, in: [realmA])))
      for entry in list.entries {
        #expect(code { _ = try store.evict(entry.digest, in: realmA) } == .busy)
      }
      lease.release()
    }
    _ = try whileUnfilled { (store) throws in
      #expect(try store.read(name, in: [realmA]) == large)
    }
  }

  @Test("What happens during the fill, at any batch, is what holds after it", arguments: 0..<7)
  func interleaved(batch: Int) throws {
    let blobs = try closed()
    let new = [UInt8](repeating: 7, count: 500)
    let store = try whileUnfilled { (store) throws in
      // Batches of ten rows, one of them between each two changes.
      func fill(_ count: Int) throws {
        for _ in 0..<count {
          let cursor = store.state.withLock { $0.filling?.cursor }
          let rows = try #require(store.index).rows(after: cursor, limit: 10)
          try store.state.withLock { try $0.fill(with: rows) }
        }
      }
      try fill(batch)
      // Dropped before and after their rows came; put again; new.
      for blob in blobs[..<6] { #expect(try store.evict(digest(blob), in: realmA)) }
      try fill(batch < 6 ? 1 : 0)
      for blob in blobs[3..<6] { try store.put(blob, ack: .durable) }
      try store.put(new)
      try fill(7 - batch)
    }
    #expect(store.isFilled)
    func check(_ store: Store) throws {
      for blob in blobs[..<3] { #expect(store.stat(digest(blob), in: [realmA]) == nil) }
      for blob in blobs[3...] + [new] {
        #expect(try store.read(digest(blob), in: [realmA]) == blob)
      }
      #expect(store.statistics.total.blobs == 58 && store.statistics.total.chunks == 58)
    }
    try check(store)
    try store.close()
    try check(try Store.filled(scratch.path, options: .small))
  }

  @Test("A row that no store wrote costs the index, not a blob")
  func damage() throws {
    let blobs = try closed()
    do {
      let index = try Index(scratch.path.appending("index.sqlite"))
      let row = try #require(try index.rows(after: nil, limit: 1).first)
      let wrong = Index.Row(
        realm: row.realm, digest: row.digest, segment: row.segment, offset: 1 << 20,
        header: row.header)
      try index.commit(rows: [wrong], segments: [], drops: [], nextSegment: 9)
    }
    let store = try Store.filled(scratch.path, options: .small)
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    #expect(try FileSystem.real.names(in: scratch.path).contains("index.sqlite.damaged"))
  }

  @Test("A fill that could not read the index goes on once it can")
  func retry() throws {
    let blobs = try closed()
    let faults = Faults()
    let vfs = InjectedVFS(faults)
    defer { withExtendedLifetime(vfs) {} }
    let refusals = Locked(0)
    // Opening reads the index too, on this thread.
    let opener = pthread_self()
    faults.set { call, path, _ in
      guard call == .pread, path.string.hasSuffix("index.sqlite"), pthread_self() != opener else {
        return nil
      }
      return refusals.withLock { count in
        count += 1
        return count < 4 ? .fail(.ioError) : nil
      }
    }
    let store = try Store.open(
      scratch.path, options: Self.impatient,
      system: FileSystem(faults: faults, databaseVFS: vfs.name))
    #expect(eventually { store.isFilled })
    #expect(refusals.withLock { $0 } >= 4)
    #expect(store.statistics.total.blobs == blobs.count)
  }

  /// The options under which what fails is tried again at once.
  private static let impatient: Store.Options = {
    var options = Store.Options.small
    options.commitDelay = .zero
    return options
  }()

  /// A disk whose index other threads than this one cannot write to, and so the opening can.
  private func refusingRows() -> Faults {
    let faults = Faults()
    let opener = pthread_self()
    faults.set { call, path, _ in
      guard call == .pwrite, path.string.hasSuffix("-wal"), pthread_self() != opener else {
        return nil
      }
      return .fail(.noSpace)
    }
    return faults
  }

  @Test("While a lost index is made again, reads and writes go on, and nothing is evicted")
  func rebuild() throws {
    let blobs = try closed(200)
    try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
    let faults = refusingRows()
    let vfs = InjectedVFS(faults)
    defer { withExtendedLifetime(vfs) {} }
    let system = FileSystem(faults: faults, databaseVFS: vfs.name)
    let store = try Store.open(scratch.path, options: Self.impatient, system: system)
    #expect(store.opening.isIndexRebuilt && !store.isFilled)
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    #expect(store.stat(digest([1]), in: [realmA]) == nil)
    #expect(try !store.put([1]).deduplicated)
    // Durable already: its segment was synced before it was sealed.
    #expect(try store.put(blobs[0], ack: .durable).deduplicated)
    #expect(try store.collect(freeing: .mebibytes(1)).segments == 0)
    #expect(code { _ = try store.purge(digest(blobs[0]), in: realmA) } == .busy)
    faults.set(nil)
    #expect(eventually { store.isFilled })
    #expect(try store.collect(freeing: .kibibytes(1)).segments > 0)
    try store.close()
    #expect(try Store.filled(scratch.path, options: .small).opening == OpeningReport())
  }

  @Test("An index that a killed process had begun to make again is gone on with")
  func rebuildAgain() throws {
    let blobs = try closed(200)
    try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
    do {
      let faults = refusingRows()
      let vfs = InjectedVFS(faults)
      defer { withExtendedLifetime(vfs) {} }
      let system = FileSystem(faults: faults, databaseVFS: vfs.name)
      let store = try Store.open(scratch.path, options: .small, system: system)
      try store.put([1])
    }
    // Its filler may hold it, its lock and its index for a moment.
    var opened: Result<Store, StoreError>?
    _ = eventually {
      opened = Result { () throws(StoreError) in
        try Store.filled(scratch.path, options: .small)
      }
      if case .success = opened { return true }
      return false
    }
    let store = try #require(opened).get()
    #expect(!store.opening.isIndexRebuilt && store.opening.replayedRecords > blobs.count)
    for blob in blobs + [[1]] { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    #expect(try store.check().findings.isEmpty)
    try store.close()
    let again = try Store.filled(scratch.path, options: .small)
    #expect(again.opening == OpeningReport() && again.statistics.total.blobs == blobs.count + 1)
  }
}
