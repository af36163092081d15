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
    let segments = store.state.withLock { Array($0.segments) }.filter { $0.phase == .sealed }
    try store.close()
    return (blobs, segments.map { Sealed(segment: $0.segment, size: $0.fileBytes, end: $0.end) })
  }

  private struct Sealed {
    let segment: Segment
    let size: Int64
    let end: Int64

    func footer() throws -> [SegmentFooter.Entry]? {
      var entries: [SegmentFooter.Entry] = []
      let result = try SegmentFooter.visit(segment, size: size) {
        entries.append(SegmentFooter.Entry(offset: $0, header: $1))
      }
      guard let result else { return nil }
      #expect(result.end == end && result.hasFooter && result.damaged == 0)
      return entries
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
      #expect(try item.footer() == scanned)
    }
  }

  @Test("Without an index a sealed segment is known by its footer; its payloads are not read")
  func rebuild() throws {
    let (blobs, sealed) = try fill()
    // Damage that a scan would count and step over.
    let entries = try #require(try sealed[0].footer())
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
    #expect(try sealed[0].footer() == nil)
    try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
    let store = try Store.filled(scratch.path, options: .small)
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
  }

  @Test("A file that is no more than a header, or shorter than a footer, has none")
  func noFooter() throws {
    let sealed = try fill().sealed
    for size in [64, 65, 95, 96, 111, 112] as [Int64] {
      #expect(try SegmentFooter.visit(sealed[0].segment, size: size) { _, _ in } == nil)
    }
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
