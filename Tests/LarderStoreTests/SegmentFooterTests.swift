import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

/// What a footer is good for: an index made again without reading payloads.
@Suite("Footers")
struct SegmentFooterTests {
  let scratch = Scratch()

  /// Fills two segments and begins a third: chunks, parts and lists, short ones and long ones.
  private func fill(_ system: FileSystem = .real) throws -> (blobs: [[UInt8]], sealed: [Sealed]) {
    var random = Seeded(1)
    var blobs: [[UInt8]] = []
    let store = try Store.filled(scratch.path, options: .small, system: system)
    while try scratch.segments().count < 3 {
      blobs.append(random.noise(Int(random.next() % 9000)))
      blobs.append(random.text(700))
      for blob in blobs.suffix(2) { try store.put(blob) }
    }
    try store.sync()
    let segments = store.state.withLock { Array($0.segments) }.filter { $0.phase == .sealed }
    try store.close()
    return (
      blobs,
      try segments.map {
        Sealed(segment: $0.segment, size: try $0.segment.file.size(), end: $0.end)
      }
    )
  }

  private struct Sealed {
    let segment: Segment
    let size: Int64
    let end: Int64

    var footer: [SegmentFooter.Entry]? {
      guard let footer = SegmentFooter.read(from: segment), footer.offset == end else { return nil }
      return footer.entries
    }
  }

  @Test("A footer and a scan tell the same of a segment")
  func sameAsScan() throws {
    let sealed = try fill().sealed
    #expect(sealed.count == 2)
    for item in sealed {
      var scanned: [SegmentFooter.Entry] = []
      var scan = SegmentScan(item.segment, size: item.size, checksPayloads: true)
      let result = try scan.run(from: Int64(SegmentHeader.byteCount), rule: .stopAtDamage) {
        scanned.append(SegmentFooter.Entry(offset: $0, header: $1))
      }
      #expect(result.end == item.end && result.hasFooter)
      #expect(item.footer == scanned)
    }
  }

  @Test("Without an index a sealed segment is known by its footer; its payloads are not read")
  func rebuild() throws {
    let (blobs, sealed) = try fill()
    // Damage that a scan would count and step over.
    let entries = try #require(sealed[0].footer)
    let entry = try #require(entries.first { $0.header.storedLength > 500 })
    try overwrite(
      sealed[0].segment.file.path, at: Int(entry.offset) + 200, with: [1, 2, 3])
    try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
    let store = try Store.filled(scratch.path, options: .small)
    #expect(store.opening.isIndexRebuilt)
    #expect(store.opening.damagedRecords == 0)
    // Whoever reads the record finds out.
    #expect((try? store.read(entry.header.digest, in: [realmA])) == nil)
    for blob in blobs {
      let isLost = ([blob] + chunks(of: blob)).contains { digest($0) == entry.header.digest }
      if !isLost { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    }
  }

  @Test("A segment whose footer is damaged is scanned", arguments: [-1, -40, -100])
  func damagedFooter(place: Int) throws {
    let (blobs, sealed) = try fill()
    try overwrite(sealed[0].segment.file.path, at: Int(sealed[0].size) + place, with: [0xa5])
    #expect(sealed[0].footer == nil)
    try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
    let store = try Store.filled(scratch.path, options: .small)
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
  }

  /// One change to an entry that no writer makes.
  struct Impossible: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var offset: Int64 = 64
    var rawLength = 100
    var storedLength = 100
    var size: Int64 = 100
  }

  @Test(
    "A footer that tells what cannot be is none, whatever its checks say",
    arguments: [
      Impossible(testDescription: "a record before the first", offset: 56),
      Impossible(testDescription: "a record at no multiple of eight", offset: 68),
      Impossible(testDescription: "a record over its neighbour", offset: 72),
      Impossible(
        testDescription: "a record over the footer", rawLength: 3000, storedLength: 3000, size: 3000
      ),
      Impossible(
        testDescription: "a payload of 4 GiB", rawLength: .init(UInt32.max),
        storedLength: .init(UInt32.max), size: .init(UInt32.max)),
      Impossible(testDescription: "a chunk of another size than its payload", size: 101),
    ])
  func impossible(_ entry: Impossible) {
    func footer(_ first: Impossible) -> [SegmentFooter.Entry]? {
      let entries = [first, Impossible(testDescription: "", offset: 240)].map {
        SegmentFooter.Entry(
          offset: $0.offset,
          header: RecordHeader(
            kind: .chunk, codec: .raw, isPart: false, rawLength: $0.rawLength,
            storedLength: $0.storedLength, digest: digest([]), size: $0.size, payloadChecksum: 0))
      }
      let salt = SipHash.Key(low: 1, high: 2)
      var bytes = [UInt8](repeating: 0, count: SegmentFooter.byteCount(records: entries.count))
      return bytes.withUnsafeMutableBytes {
        SegmentFooter.encode(entries, into: $0, offset: 1024, salt: salt)
        return SegmentFooter.parse(UnsafeRawBufferPointer($0), offset: 1024, salt: salt)
      }
    }
    #expect(footer(Impossible(testDescription: "")) != nil)
    #expect(footer(entry) == nil)
  }

  @Test("A file too short for one has none", arguments: [0, 63, 64, 95, 96, 111, 112, 200])
  func noFooter(size: Int64) throws {
    let segment = try fill().sealed[0].segment
    try segment.file.truncate(to: size)
    #expect(SegmentFooter.read(from: segment) == nil)
  }

  @Test("A footer is written only once all records before it are synced")
  func footerAfterSync() throws {
    let faults = Faults()
    let calls = Locked<[FilePath: [FileCall]]>([:])
    faults.set { call, path, _ in
      if [.pwrite, .fdatasync, .ftruncate].contains(call) {
        calls.withLock { $0[path, default: []].append(call) }
      }
      return nil
    }
    let sealed = try fill(faults.system).sealed
    #expect(sealed.count == 2)
    for item in sealed {
      let made = calls.withLock { $0[item.segment.file.path, default: []] }
      // Sealing ends with the cut; before it stand the footer's write and the sync of the records.
      let cut = try #require(made.lastIndex(of: .ftruncate))
      #expect(made[..<cut].suffix(2) == [.fdatasync, .pwrite])
    }
  }
}
