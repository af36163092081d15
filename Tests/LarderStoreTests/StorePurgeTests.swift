import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Purge")
struct StorePurgeTests {
  let scratch = Scratch()

  private func open() throws -> Store { try Store.open(scratch.path, options: .small) }

  private func isOnDisk(_ bytes: [UInt8]) throws -> Bool {
    let piece = Array(bytes.prefix(64))
    return try scratch.segments().contains { path in
      let all = try contents(path)
      return all.indices.contains { all[$0] == piece[0] && all[$0...].starts(with: piece) }
    }
  }

  /// Forgets the index, so that the next opening reads the segments.
  private func loseIndex() throws {
    for suffix in ["", "-wal"] {
      try? FileSystem.real.unlink(scratch.path.appending("index.sqlite" + suffix))
    }
  }

  @Test("A purged blob is a miss at once, its bytes are gone, and no rebuild raises it")
  func durable() throws {
    var random = Seeded(1)
    let (secret, other) = (random.noise(3_000), random.noise(2_000))
    do {
      let store = try open()
      try store.put(other)
      try store.put(secret)
      try store.put(secret, in: realmB)
      try store.put(random.noise(500))
      let report = try store.purge(digest(secret), in: realmA)
      #expect(report.records == 1 && report.byteCount == 3_072)
      #expect(store.stat(digest(secret), in: [realmA]) == nil)
      #expect(try store.read(digest(secret), in: [realmB]) == secret)
      #expect(try store.purge(digest(secret), in: realmB).records == 1)
      #expect(try !isOnDisk(secret))
      #expect(try store.purge(digest(secret), in: realmA) == PurgeReport())
      var options = CheckOptions()
      options.readsData = true
      #expect(try store.check(options).findings.isEmpty)
    }
    try loseIndex()
    let store = try open()
    #expect(store.opening.isIndexRebuilt && store.opening.damagedRecords == 0)
    #expect(store.stat(digest(secret), in: [realmA]) == nil)
    #expect(try store.read(digest(other), in: [realmA]) == other)
    try store.put(secret, ack: .durable)
    #expect(try store.read(digest(secret), in: [realmA]) == secret)
  }

  @Test("Sealed segments lose it too, and so do copies that nobody can find")
  func sealed() throws {
    var random = Seeded(2)
    let secret = random.noise(3_000)
    do {
      let store = try open()
      try store.put(secret)
      for _ in 0..<30 { try store.put(random.noise(3_000)) }
      try store.sync()
      #expect(store.state.withLock { $0.segments.contains { $0.phase == .sealed } })
      #expect(try store.evict(digest(secret), in: realmA))
      try store.put(secret)
      #expect(try store.purge(digest(secret), in: realmA).records == 2)
      #expect(try !isOnDisk(secret))
      #expect(try store.check().findings.isEmpty)
    }
    try loseIndex()
    #expect(try open().stat(digest(secret), in: [realmA]) == nil)
  }

  @Test("The chunks of a large blob go unless another blob names them")
  func large() throws {
    var random = Seeded(3)
    let shared = random.noise(30_000)
    let secret = shared + random.noise(20_000)
    let kept = shared + random.noise(100)
    let store = try open()
    try store.put(secret)
    try store.put(kept)
    _ = try store.purge(digest(secret), in: realmA)
    #expect(store.stat(digest(secret), in: [realmA]) == nil)
    #expect(try store.read(digest(kept), in: [realmA]) == kept)
    #expect(try !isOnDisk(Array(secret.suffix(100))))
    let last = try #require(chunks(of: secret).last)
    #expect(store.stat(digest(last), in: [realmA]) == nil)
    #expect(try store.check().findings.isEmpty)
  }

  @Test("Records in front of and behind a purged one survive a power cut that takes the index back")
  func tail() throws {
    var random = Seeded(4)
    let (before, secret, behind) = (random.noise(900), random.noise(900), random.noise(900))
    let copy = Scratch()
    do {
      let store = try open()
      for blob in [before, secret, behind] { try store.put(blob) }
      _ = try store.purge(digest(secret), in: realmA)
      // What a power cut leaves at most: the database without its log.
      for name in ["index.sqlite", "segments/0000000000000001.seg"] {
        _ = try FileSystem.real.createDirectory(copy.path.appending("segments"))
        try overwrite(
          copy.path.appending(name), at: 0, with: contents(scratch.path.appending(name)))
      }
    }
    let store = try Store.open(copy.path, options: .small)
    #expect(store.opening.truncatedSegments == 0)
    #expect(try store.read(digest(before), in: [realmA]) == before)
    #expect(try store.read(digest(behind), in: [realmA]) == behind)
    #expect(store.stat(digest(secret), in: [realmA]) == nil)
  }

  @Test("Where the disk refuses to overwrite, the purge says so and the blob is a miss")
  func refused() throws {
    let faults = Faults()
    let store = try Store.open(scratch.path, options: .small, system: faults.system)
    try store.put([1, 2, 3], ack: .durable)
    faults.fail(.pwrite, .ioError)
    #expect(code { _ = try store.purge(digest([1, 2, 3]), in: realmA) } == .io)
    #expect(store.stat(digest([1, 2, 3]), in: [realmA]) == nil)
    faults.set(nil)
    #expect(try store.purge(digest([1, 2, 3]), in: realmA).records == 1)
  }
}
