import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Check and scrub")
struct StoreCheckTests {
  let scratch = Scratch()

  private func open() throws -> Store { try Store.open(scratch.path, options: .small) }

  /// Reads everything and mends nothing.
  private static let full: CheckOptions = {
    var options = CheckOptions()
    options.readsData = true
    return options
  }()

  private static let scrub: CheckOptions = {
    var options = CheckOptions.scrub
    options.bytesPerSecondMax = nil
    return options
  }()

  private func kinds(_ report: CheckReport) -> [CheckFinding.Kind] { report.findings.map(\.kind) }

  /// Small and large blobs in two realms and several segments, a few of them dropped on purpose.
  private func fill(_ store: Store) throws -> [[UInt8]] {
    var random = Seeded(7)
    let blobs = (0..<24).map { $0 % 4 == 0 ? random.noise(20_000) : random.noise(3_000) }
    for (number, blob) in blobs.enumerated() {
      try store.put(blob, in: number % 3 == 0 ? realmB : realmA)
    }
    try store.sync()
    return blobs
  }

  private func sql(_ statement: String) throws {
    let index = try Index(scratch.path.appending("index.sqlite"))
    try withExtendedLifetime(index) { try Index.execute(statement, on: index.connection) }
  }

  @Test("A sound store is clean, with evicted blobs, repeated puts and several segments")
  func clean() throws {
    let store = try open()
    let blobs = try fill(store)
    #expect(try store.evict(digest(blobs[1]), in: realmA))
    let report = try store.check(Self.full)
    #expect(report.findings.isEmpty && report.isWhole)
    #expect(report.progress.segments == store.statistics.segments)
    #expect(report.progress.records > blobs.count)
    #expect(report.progress.readBytes > 150_000)
    try store.close()
    let again = try open()
    #expect(try again.check(Self.scrub).findings.isEmpty)
    #expect(again.stat(digest(blobs[1]), in: [realmA]) == nil)
  }

  @Test("A walk is stopped within a segment, and a scrub begins that one anew")
  func stopped() throws {
    let store = try Store.open(scratch.path)
    var random = Seeded(11)
    for _ in 0..<10 { try store.put(random.noise(1 << 20)) }
    try store.sync()
    var calls = 0
    let cut = try store.check(Self.scrub) { progress in
      calls += 1
      return false
    }
    #expect(calls == 1 && !cut.isWhole && cut.progress.segments == 0)
    #expect((4 << 20..<6 << 20).contains(cut.progress.readBytes))
    let whole = try store.check(Self.scrub)
    #expect(whole.isWhole && whole.progress.readBytes > 10 << 20 && whole.findings.isEmpty)
  }

  @Test("Payload damage is found by reading only, and is a miss and in the quarantine then")
  func payload() throws {
    let store = try open()
    let blob = try fill(store)[1]
    let found = try #require(store.find(digest(blob), in: [realmA]))
    try overwrite(found.segment.file.path, at: Int(found.place.offset) + 100, with: [1, 2, 3, 4])
    #expect(try store.check().findings.isEmpty)
    let told = Locked<[Digest]>([])
    store.whenQuarantined { blob in told.withLock { $0.append(blob.digest) } }
    let report = try store.check(Self.full)
    #expect(kinds(report) == [.damagedRecord])
    #expect(report.findings.first?.digest == digest(blob))
    #expect(report.findings.first?.offset == found.place.offset)
    #expect(report.repaired == 0)
    #expect(store.stat(digest(blob), in: [realmA]) == nil)
    #expect(store.quarantine.map(\.digest) == [digest(blob)])
    #expect(told.withLock { $0 } == [digest(blob)])
    #expect(try store.check(Self.full).findings.isEmpty)
  }

  @Test("A damaged record header is found without reading payloads")
  func header() throws {
    let store = try open()
    let blob = try fill(store)[1]
    let found = try #require(store.find(digest(blob), in: [realmA]))
    try overwrite(found.segment.file.path, at: Int(found.place.offset) + 20, with: [0, 0, 0])
    #expect(kinds(try store.check()) == [.damagedRecord])
    #expect(store.stat(digest(blob), in: [realmA]) == nil)
  }

  @Test("A damaged segment header and footer are found, and a scrub mends the footer")
  func ends() throws {
    let store = try open()
    _ = try fill(store)
    let sealed = try #require(store.state.withLock { $0.segments.first { $0.phase == .sealed } })
    let path = sealed.segment.file.path
    try overwrite(path, at: Int(sealed.fileBytes) - 40, with: [9, 9])
    let report = try store.check()
    #expect(kinds(report) == [.badFooter] && report.repaired == 0)
    let scrubbed = try store.check(Self.scrub)
    #expect(kinds(scrubbed) == [.badFooter] && scrubbed.repaired == 1)
    #expect(try store.check().findings.isEmpty)
    try overwrite(path, at: 20, with: [9, 9])
    #expect(kinds(try store.check()) == [.badSegment])
  }

  @Test("A lost index row is found and, after a scrub, read again; a check alone changes nothing")
  func lostRow() throws {
    var store = try open()
    let blobs = try fill(store)
    try store.close()
    for blob in blobs[0...1] { try sql("DELETE FROM records WHERE digest = x'\(digest(blob))'") }
    store = try open()
    #expect(store.stat(digest(blobs[1]), in: [realmA]) == nil)
    #expect(kinds(try store.check(Self.full)) == [.missingRow, .missingRow])
    #expect(store.stat(digest(blobs[1]), in: [realmA]) == nil)
    let report = try store.check(Self.scrub)
    #expect(kinds(report) == [.missingRow, .missingRow] && report.repaired == 2)
    try store.close()
    store = try open()
    #expect(try store.read(digest(blobs[0]), in: [realmB]) == blobs[0])
    #expect(try store.read(digest(blobs[1]), in: [realmA]) == blobs[1])
    #expect(try store.check(Self.full).findings.isEmpty)
  }

  @Test("A damaged record without a row is not shown again")
  func lostAndDamaged() throws {
    var store = try open()
    let blob = try fill(store)[1]
    let found = try #require(store.find(digest(blob), in: [realmA]))
    let path = found.segment.file.path
    try store.close()
    try sql("DELETE FROM records WHERE digest = x'\(digest(blob))'")
    try overwrite(path, at: Int(found.place.offset) + 100, with: [1, 2, 3, 4])
    store = try open()
    let report = try store.check(Self.scrub)
    #expect(kinds(report) == [.missingRow] && report.repaired == 0)
    #expect(store.stat(digest(blob), in: [realmA]) == nil)
  }

  @Test("A row that names another record is dropped, and its record found again")
  func strayRow() throws {
    var store = try open()
    let blobs = try fill(store)
    try store.close()
    try sql(
      "UPDATE records SET \"offset\" = (SELECT \"offset\" FROM records WHERE digest = "
        + "x'\(digest(blobs[2]))') WHERE digest = x'\(digest(blobs[1]))'")
    store = try open()
    #expect(Set(kinds(try store.check(Self.scrub))).isSuperset(of: [.strayRow]))
    _ = try store.check(Self.scrub)
    #expect(try store.read(digest(blobs[1]), in: [realmA]) == blobs[1])
    #expect(try store.check(Self.full).findings.isEmpty)
  }

  @Test("A record that the memory table lost is found again by a scrub")
  func lostEntry() throws {
    let store = try open()
    let blob = try fill(store)[1]
    let found = try #require(store.find(digest(blob), in: [realmA]))
    _ = store.state.withLock { $0.remove(found.place, digest: found.digest, realm: realmA) }
    #expect(kinds(try store.check()) == [.missingEntry])
    #expect(try store.check(Self.scrub).repaired == 1)
    #expect(try store.read(digest(blob), in: [realmA]) == blob)
    #expect(try store.check(Self.full).findings.isEmpty)
  }

  @Test("A large blob without one of its chunks is a miss")
  func lostChunk() throws {
    let store = try open()
    let blob = try fill(store)[0]
    let chunk = try #require(chunks(of: blob).last)
    #expect(try store.evict(digest(chunk), in: realmB))
    #expect(kinds(try store.check()) == [.incompleteBlob])
    #expect(store.stat(digest(blob), in: [realmB]) == nil)
  }

  @Test("Counters that differ from a recount are found, and mended by a scrub")
  func accounts() throws {
    let store = try open()
    _ = try fill(store)
    let before = store.statistics.realms
    store.state.withLock { state in
      state.segments[state.segments.indices[0]].liveBytes += 8
      state.content[realmB]?.storedBytes -= 16
    }
    let report = try store.check()
    #expect(kinds(report).contains(.badAccount))
    #expect(report.findings.contains { $0.segment != nil && $0.kind == .badAccount })
    #expect(report.findings.contains { $0.realm == realmB && $0.kind == .badAccount })
    #expect(report.repaired == 0)
    let mended = try store.check(Self.scrub)
    #expect(!mended.findings.isEmpty && mended.repaired == mended.findings.count)
    #expect(store.statistics.realms == before)
    store.state.withLock { $0.content[realmB]?.storedBytes -= 16 }
    #expect(try store.check(Self.scrub).repaired == 1)
    #expect(try store.check().findings.isEmpty)
    #expect(store.statistics.realms == before)
  }

  @Test("A damaged index is made again while the store goes on")
  func index() throws {
    let store = try open()
    let blobs = try fill(store)
    // The footers; a write would meet the damage before the check does.
    try store.sync()
    let path = scratch.path.appending("index.sqlite")
    try store.indexGate.pass { try store.index?.checkpoint() }
    let size = try contents(path).count
    for place in stride(from: 4096 * 3, to: size, by: 4096) {
      try overwrite(path, at: place, with: [UInt8](repeating: 0xee, count: 200))
    }
    try store.indexGate.pass {
      try Index.execute("PRAGMA shrink_memory", on: #require(store.index).connection)
    }
    #expect(kinds(try store.check()).contains(.badIndex))
    #expect(try store.check(Self.full).findings.isEmpty)
    #expect(try store.read(digest(blobs[1]), in: [realmA]) == blobs[1])
  }

  @Test("A file that the store could not use is told")
  func foreign() throws {
    do { _ = try fill(open()) }
    let path = try #require(try scratch.segments().first)
    try overwrite(path, at: 20, with: [9, 9])
    let store = try open()
    let report = try store.check()
    #expect(report.findings.contains { $0.kind == .badSegment && $0.segment == 1 })
  }

  @Test("A scrub that was stopped goes on behind the last segment, also after a restart")
  func resume() throws {
    var store = try open()
    _ = try fill(store)
    let count = store.statistics.segments
    let stopped = try store.check(Self.scrub) { _ in false }
    #expect(!stopped.isWhole && stopped.progress.segments == 1)
    try store.close()
    store = try open()
    let rest = try store.check(Self.scrub)
    #expect(rest.isWhole && rest.progress.segments == count - 1)
    #expect(try store.check(Self.scrub).progress.segments == count)
  }

  @Test("A subset reads the payloads of its share only, and all shares read everything")
  func subset() throws {
    let store = try open()
    _ = try fill(store)
    let all = try store.check(Self.full).progress.readBytes
    var sum: Int64 = 0
    for part in 1...3 as ClosedRange<UInt64> {
      var options = Self.full
      options.subset = CheckOptions.Subset(part: part, of: 3)
      let bytes = try store.check(options).progress.readBytes
      #expect(bytes < all)
      sum += bytes
    }
    #expect(sum == all)
    #expect(CheckOptions.Subset(part: 0, of: 3) == nil)
    #expect(CheckOptions.Subset(part: 4, of: 3) == nil)
  }
}
