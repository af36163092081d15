import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Faults of the disk")
struct StoreFaultTests {
  let scratch = Scratch()
  let faults = Faults()

  private func open() throws -> Store {
    try Store.filled(scratch.path, options: .small, system: faults.system)
  }

  @Test(
    "A full disk refuses the put, keeps the rest readable, and lets go by itself",
    arguments: [FileCall.pwrite, .fallocate, .open])
  func noSpace(call: FileCall) throws {
    var random = Seeded(1)
    let before = random.noise(3000)
    let small = random.noise(3000)
    let large = random.noise(200_000)
    let store = try open()
    try store.put(before, ack: .durable)
    faults.fail(call, .noSpace)
    if call == .pwrite {
      #expect(code { try store.put(small) } == .noSpace)
      #expect(store.stat(digest(small), in: [realmA]) == nil)
    }
    // More than one segment holds: it fails half-way.
    #expect(code { try store.put(large, ack: .durable) } == .noSpace)
    #expect(store.stat(digest(large), in: [realmA]) == nil)
    #expect(try store.read(digest(before), in: [realmA]) == before)
    #expect(code { try store.put(small, in: realmB) } == .noSpace)
    faults.set(nil)
    try store.put(small)
    try store.put(large, ack: .durable)
    #expect(try store.read(digest(large), in: [realmA]) == large)
    try store.close()
    let again = try open()
    #expect(again.opening == OpeningReport())
    #expect(try again.read(digest(small), in: [realmA]) == small)
    #expect(try again.read(digest(large), in: [realmA]) == large)
  }

  @Test("A put that a full disk tore in its middle is no blob after the process died")
  func tornByFullDisk() throws {
    var random = Seeded(2)
    let kept = random.noise(1000)
    let torn = random.noise(3000)
    do {
      let store = try open()
      try store.put(kept)
      let written = Locked(0)
      faults.set { call, _, count in
        guard call == .pwrite else { return nil }
        // Half of it is written, then nothing more.
        return written.withLock { done in
          defer { done += 1 }
          return done == 0 ? .shorten(count / 2) : .fail(.noSpace)
        }
      }
      #expect(code { try store.put(torn) } == .noSpace)
      faults.set(nil)
    }
    let store = try open()
    #expect(store.opening.truncatedSegments == 1)
    #expect(store.stat(digest(torn), in: [realmA]) == nil)
    #expect(try store.read(digest(kept), in: [realmA]) == kept)
    try store.put(torn)
    #expect(try store.read(digest(torn), in: [realmA]) == torn)
  }

  @Test("Short and interrupted calls change nothing")
  func shortCalls() throws {
    var random = Seeded(3)
    let turn = Locked(0)
    faults.set { call, _, count in
      let number = turn.withLock {
        $0 += 1; return $0
      }
      switch call {
      case .pread, .pwrite:
        return number % 3 == 0 ? .fail(.interrupted) : .shorten(1 + number % 700)
      case .fdatasync, .fsyncDirectory, .readdir: return nil
      default: return number % 2 == 0 ? .fail(.interrupted) : nil
      }
    }
    let blobs = [random.text(100), random.noise(4096), random.noise(30_000)]
    do {
      let store = try open()
      for blob in blobs { try store.put(blob) }
      for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    }
    let store = try open()
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
  }

  @Test(
    "After a failed sync nothing is acknowledged from that segment, and the next put goes elsewhere",
    arguments: [Errno.ioError, .noSpace, .interrupted])
  func failedSync(errno: Errno) throws {
    var random = Seeded(4)
    let synced = random.noise(1000)
    let accepted = random.noise(2000)
    let refused = random.noise(3000)
    let store = try open()
    try store.put(synced, ack: .durable)
    try store.put(accepted)
    faults.fail(.fdatasync, errno)
    let syncs = faults.count(.fdatasync)
    #expect(code { try store.put(refused, ack: .durable) } == .io)
    #expect(faults.count(.fdatasync) == syncs + 1)
    // As after a power cut: what was synced is there, the rest is a miss and says so.
    #expect(try store.read(digest(synced), in: [realmA]) == synced)
    #expect(store.stat(digest(accepted), in: [realmA]) == nil)
    #expect(store.stat(digest(refused), in: [realmA]) == nil)
    #expect(store.statistics.counters.failedSegments == 1)
    faults.set(nil)
    try store.sync()
    #expect(!(try store.put(refused, ack: .durable).deduplicated))
    #expect(try scratch.segments().count == 2)
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
    #expect(try scratch.segments().count == 2)
  }

  @Test("A failed sync of the directory is no acknowledgement either")
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

  @Test("A segment is synced before its successor begins, so that no list outlives its chunks")
  func syncBeforeSuccessor() throws {
    var random = Seeded(8)
    let bytes = random.noise(100_000)
    let store = try open()
    faults.set { call, path, _ in
      call == .fdatasync && path.lastComponent?.string == "0000000000000001.seg"
        ? .fail(.ioError) : nil
    }
    #expect(code { try store.put(bytes) } == .io)
    try store.sync()
    #expect(store.stat(digest(bytes), in: [realmA]) == nil)
    try store.put(bytes, ack: .durable)
    #expect(try store.read(digest(bytes), in: [realmA]) == bytes)
  }

  @Test("A record that the device cannot read is a miss and can be put again")
  func unreadable() throws {
    let bytes = Array("gone".utf8)
    let store = try open()
    try store.put(bytes)
    faults.fail(.pread, .ioError)
    #expect(code { _ = try store.read(digest(bytes), in: [realmA]) } == .corrupt)
    faults.set(nil)
    #expect(store.stat(digest(bytes), in: [realmA]) == nil)
    #expect(!(try store.put(bytes).deduplicated))
    #expect(try store.read(digest(bytes), in: [realmA]) == bytes)
    try store.close()
    #expect(try open().read(digest(bytes), in: [realmA]) == bytes)
  }

  @Test("The quota refuses a new segment, in bytes as reserved, and reads go on")
  func quota() throws {
    var random = Seeded(7)
    var options = Store.Options.small
    options.waitsForKept = true
    // Three segments, room for one more, and what the index and its log take.
    options.quota = .kibibytes(64 * 4 + 60)
    let store = try Store.filled(scratch.path, options: options)
    var stored: [[UInt8]] = []
    let refusal = code {
      for _ in 0..<100 {
        let bytes = random.noise(4000)
        try store.put(bytes)
        stored.append(bytes)
      }
    }
    #expect(refusal == .noSpace)
    #expect(stored.count > 15)
    #expect(store.statistics.diskBytes <= options.quota)
    for bytes in stored { #expect(try store.read(digest(bytes), in: [realmA]) == bytes) }
  }

  @Test("Waiting for a sync is bounded: writers make one themselves")
  func unsyncedLimit() throws {
    var options = Store.Options.small
    options.unsyncedRecordsMax = 4
    let store = try Store.filled(scratch.path, options: options, system: faults.system)
    for number in 0..<4 { try store.put([UInt8(number)]) }
    #expect(store.statistics.unsyncedRecords == 4)
    #expect(faults.count(.fdatasync) == 0)
    try store.put([4])
    #expect(store.statistics.unsyncedRecords == 1)
    #expect(faults.count(.fdatasync) == 1)
  }
}
