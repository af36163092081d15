import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Syncs")
struct StoreSyncTests {
  let scratch = Scratch()
  let faults = Faults()

  private func open(_ options: Store.Options = .small) throws -> Store {
    try Store.filled(scratch.path, options: options, system: faults.system)
  }

  /// Fails the sync of the segments with these ids.
  private func failSync(of ids: Int...) {
    let names = Set(ids.map { Segment.fileName(UInt64($0)) })
    faults.set { call, path, _ in
      call == .fdatasync && names.contains(path.lastComponent?.string ?? "") ? .fail(.ioError) : nil
    }
  }

  // MARK: - A disk that fails

  @Test(
    "What waits for a sync that fails is written to another segment, and durable there",
    arguments: [FileCall.fdatasync, .fsyncDirectory], [Errno.ioError, .noSpace, .interrupted])
  func rescue(call: FileCall, errno: Errno) throws {
    var random = Seeded(1)
    let synced = random.noise(1000)
    let accepted = random.text(3000)
    let large = random.noise(20_000)
    let store = try open()
    if call == .fdatasync { try store.put(synced, ack: .durable) }
    try store.put(accepted)
    let isFirst = Locked(true)
    faults.set { made, _, _ in
      guard made == call, isFirst.withLock({ $0 }) else { return nil }
      isFirst.withLock { $0 = false }
      return .fail(errno)
    }
    try store.put(large, ack: .durable)
    #expect(store.statistics.counters.failedSegments == 1)
    #expect(store.statistics.unsyncedRecords == 0)
    #expect(store.isDurable(digest(accepted), in: realmA))
    // Nothing is written to the failed one any more.
    let failed = try contents(try #require(try scratch.segments().first))
    try store.put(synced, ack: .durable)
    #expect(try contents(try #require(try scratch.segments().first)) == failed)
    let total = store.statistics.total
    try store.close()
    let again = try open()
    #expect(again.opening == OpeningReport())
    #expect(again.statistics.total == total)
    for bytes in [synced, accepted, large] {
      #expect(try again.read(digest(bytes), in: [realmA]) == bytes)
    }
  }

  @Test("What does not read back whole after a failed sync is a miss, and the rest is not")
  func rescueOfDamage() throws {
    var random = Seeded(2)
    let damaged = random.noise(2000)
    let whole = random.noise(2000)
    let store = try open()
    try store.put(damaged)
    try store.put(whole)
    try overwrite(try scratch.segments()[0], at: SegmentHeader.byteCount + 500, with: [1, 2, 3])
    failSync(of: 1)
    #expect(code { try store.sync() } == .io)
    #expect(store.stat(digest(damaged), in: [realmA]) == nil)
    #expect(try store.read(digest(whole), in: [realmA]) == whole)
    try store.put(damaged, ack: .durable)
    try store.close()
    let again = try open()
    for bytes in [damaged, whole] {
      #expect(try again.read(digest(bytes), in: [realmA]) == bytes)
    }
  }

  @Test(
    "While every sync fails nothing is acknowledged, and no file is synced twice",
    arguments: [Errno.ioError, .noSpace, .interrupted])
  func failsForGood(errno: Errno) throws {
    var random = Seeded(4)
    let synced = random.noise(1000)
    let accepted = random.noise(2000)
    let refused = random.noise(3000)
    let store = try open()
    try store.put(synced, ack: .durable)
    try store.put(accepted)
    let files = Locked<[FilePath]>([])
    faults.set { call, path, _ in
      guard call == .fdatasync, path.string.contains("segments") else { return nil }
      files.withLock { $0.append(path) }
      return .fail(errno)
    }
    #expect(code { try store.put(refused, ack: .durable) } == .io)
    // As after a power cut: what was synced is there, the rest is a miss and says so.
    #expect(try store.read(digest(synced), in: [realmA]) == synced)
    #expect(store.stat(digest(accepted), in: [realmA]) == nil)
    #expect(store.stat(digest(refused), in: [realmA]) == nil)
    #expect(code { try store.put(refused, ack: .durable) } == .io)
    let failed = files.withLock { $0 }
    #expect(failed.count == 4 && Set(failed).count == 4)
    #expect(store.statistics.counters.failedSegments == 4)
    faults.set(nil)
    try store.sync()
    #expect(!(try store.put(refused, ack: .durable).deduplicated))
    try store.close()
    let again = try open()
    #expect(try again.read(digest(synced), in: [realmA]) == synced)
    #expect(again.stat(digest(accepted), in: [realmA]) == nil)
    #expect(try again.read(digest(refused), in: [realmA]) == refused)
  }

  @Test("A segment whose sync failed is not believed after a restart, even if it could not be cut")
  func failedSyncAndCut() throws {
    var random = Seeded(5)
    let synced = random.noise(1000)
    let lost = random.noise(2000)
    do {
      let store = try open()
      try store.put(synced, ack: .durable)
      try store.put(lost)
      faults.set { call, path, _ in
        (call == .fdatasync || call == .ftruncate) && path.string.contains("segments")
          ? .fail(.ioError) : nil
      }
      #expect(code { try store.sync() } == .io)
      faults.set(nil)
    }
    let store = try open()
    #expect(store.stat(digest(lost), in: [realmA]) == nil)
    #expect(try store.read(digest(synced), in: [realmA]) == synced)
    #expect(!(try store.put(lost, ack: .durable).deduplicated))
  }

  @Test("While the directory cannot be synced, nothing in a new segment is acknowledged")
  func failedDirectorySync() throws {
    let store = try open()
    faults.set { call, _, _ in call == .fsyncDirectory ? .fail(.ioError) : nil }
    #expect(code { try store.put([1], ack: .durable) } == .io)
    #expect(store.stat(digest([1]), in: [realmA]) == nil)
    faults.set(nil)
    try store.put([1], ack: .durable)
    try store.close()
    #expect(try open().read(digest([1]), in: [realmA]) == [1])
  }

  @Test("A large blob is refused when a sync that failed took one of its chunks")
  func listAfterFailedSync() throws {
    var random = Seeded(6)
    let bytes = random.noise(30_000)
    let store = try open()
    let ingest = try store.beginPut(realm: realmA)
    try bytes.prefix(20_000).withUnsafeBytes { try ingest.append($0) }
    faults.fail(.fdatasync, .ioError)
    #expect(code { try store.sync() } == .io)
    faults.set(nil)
    try bytes.dropFirst(20_000).withUnsafeBytes { try ingest.append($0) }
    #expect(code { _ = try ingest.finish(ack: .accepted) } == .io)
    #expect(store.stat(digest(bytes), in: [realmA]) == nil)
    try store.put(bytes, ack: .durable)
    #expect(try store.read(digest(bytes), in: [realmA]) == bytes)
  }

  @Test("A list goes with its chunks, though its own segment was synced")
  func listInOtherSegment() throws {
    var random = Seeded(8)
    let bytes = random.noise(100_000)
    let store = try open()
    try store.put(bytes)
    #expect(try scratch.segments().count == 2)
    // The first segment, and the one that is to take what was in it.
    failSync(of: 1, 3)
    #expect(code { try store.sync() } == .io)
    #expect(store.stat(digest(bytes), in: [realmA]) == nil)
    faults.set(nil)
    try store.close()
    #expect(try open().stat(digest(bytes), in: [realmA]) == nil)
    try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
    let store2 = try open()
    #expect(store2.stat(digest(bytes), in: [realmA]) == nil)
    try store2.put(bytes, ack: .durable)
    #expect(try store2.read(digest(bytes), in: [realmA]) == bytes)
  }

  // MARK: - Who waits for what

  @Test("The next segment is written while the one before is being synced")
  func writesDuringSync() throws {
    var random = Seeded(9)
    let store = try open()
    try store.put(random.noise(1000))
    let isWritten = Locked(false)
    let wasWritten = Locked(false)
    faults.set { call, path, _ in
      if call == .pwrite, path.lastComponent?.string == Segment.fileName(2) {
        isWritten.withLock { $0 = true }
      }
      if call == .fdatasync {
        wasWritten.withLock { $0 = eventually { isWritten.withLock { $0 } } }
      }
      return nil
    }
    let isSynced = Latch()
    BackgroundThread.start(name: "sync") {
      // Whether it failed is seen below.
      try? store.sync()
      isSynced.open()
    }
    let large = random.noise(100_000)
    try store.put(large)
    isSynced.wait()
    #expect(wasWritten.withLock { $0 })
    try store.sync()
    #expect(store.isDurable(digest(large), in: realmA))
  }

  @Test("What was accepted becomes durable by itself", arguments: [true, false])
  func commitsByItself(isMuch: Bool) throws {
    var options = Store.Options.small
    if isMuch { options.commitSize = .kibibytes(1) } else { options.commitDelay = .zero }
    let store = try open(options)
    var random = Seeded(10)
    for _ in 1...3 {
      let name = try store.put(random.noise(2000)).digest
      #expect(eventually { store.isDurable(name, in: realmA) })
    }
    #expect(store.statistics.counters.syncs >= 3)
  }

  @Test("What an opening finds in a tail becomes durable by itself")
  func commitsReplayed() throws {
    let name: Digest
    do {
      let store = try open()
      try store.put([1], ack: .durable)
      name = try store.put([2]).digest
    }
    var options = Store.Options.small
    options.commitDelay = .zero
    let store = try open(options)
    #expect(store.opening.replayedRecords == 1)
    #expect(eventually { store.isDurable(name, in: realmA) })
  }

  @Test("What a commit by itself could not do is done by a later one")
  func commitsAgain() throws {
    var options = Store.Options.small
    options.commitDelay = .zero
    let vfs = InjectedVFS(faults)
    defer { withExtendedLifetime(vfs) {} }
    let store = try Store.filled(
      scratch.path, options: options, system: FileSystem(faults: faults, databaseVFS: vfs.name))
    let refusals = Locked(0)
    faults.set { call, path, _ in
      guard call == .pwrite, path.string.hasSuffix("-wal") else { return nil }
      return refusals.withLock { count in
        count += 1
        return count < 4 ? .fail(.noSpace) : nil
      }
    }
    let name = try store.put([2]).digest
    #expect(eventually { store.isDurable(name, in: realmA) })
    #expect(refusals.withLock { $0 } >= 4)
  }

  @Test("Waiting for a sync is bounded: writers make one themselves")
  func unsyncedLimit() throws {
    var options = Store.Options.small
    options.unsyncedRecordsMax = 4
    let store = try open(options)
    for number in 0..<4 { try store.put([UInt8(number)]) }
    #expect(store.statistics.unsyncedRecords == 4)
    #expect(faults.count(.fdatasync) == 0)
    try store.put([4])
    #expect(store.statistics.unsyncedRecords == 1)
    #expect(faults.count(.fdatasync) == 1)
  }
}
