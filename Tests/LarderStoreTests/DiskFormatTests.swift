import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

/// Pins `docs/disk-format.md`: whoever changes a byte here changes a format that stores on disk
/// have.
@Suite("Disk format")
struct DiskFormatTests {
  let salt = SipHash.Key(low: 0x1122_3344_5566_7788, high: 0x99aa_bbcc_ddee_ff00)
  let name = digest(Array("abc".utf8))

  private func bytes(
    _ count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xee, count: count)
    bytes.withUnsafeMutableBytes(fill)
    return bytes
  }

  private var chunk: RecordHeader {
    RecordHeader(
      kind: .chunk, codec: .raw, isPart: true, rawLength: 3, storedLength: 3, digest: name,
      size: 3, payloadChecksum: 0x364b_3fb7)
  }

  private var list: RecordHeader {
    RecordHeader(
      kind: .list, codec: .lz4, isPart: false, rawLength: 120, storedLength: 90, digest: name,
      size: 0x12_3456, payloadChecksum: 0xdead_beef)
  }

  @Test("A segment header is these 64 bytes")
  func segmentHeader() {
    let header = SegmentHeader(id: 42, realm: RealmID(7), salt: salt, capacity: 1 << 21)
    let encoded = bytes(SegmentHeader.byteCount) { header.encode(into: $0) }
    #expect(
      Hex.encode(encoded) == "4c4152445345474d01000000070000002a000000000000008877665544332211"
        + "00ffeeddccbbaa9900002000000000000000000000000000ce712a5455753bbd")
    #expect(encoded.withUnsafeBytes { SegmentHeader.parse($0) } == .header(header))
  }

  @Test("A record header is these 72 bytes")
  func recordHeader() {
    let encoded = bytes(RecordHeader.byteCount) { chunk.encode(into: $0, offset: 64, salt: salt) }
    #expect(
      Hex.encode(encoded) == "4c524543010100010300000003000000ba7816bf8f01cfea414140de5dae2223"
        + "b00361a396177a9cb410ff61f20015ad0300000000000000b73f4b3600000000"
        + "ea71eb75adf5b7f5")
    let parsed = encoded.withUnsafeBytes { RecordHeader.parse($0, offset: 64, salt: salt) }
    #expect(parsed == .header(chunk))
  }

  @Test("A footer is these bytes")
  func footer() {
    let entries = [
      SegmentFooter.Entry(offset: 64, header: chunk),
      SegmentFooter.Entry(offset: 144, header: list),
    ]
    let encoded = bytes(SegmentFooter.byteCount(records: 2)) {
      SegmentFooter.encode(entries, into: $0, offset: 312, salt: salt)
    }
    #expect(
      Hex.encode(encoded) == "4c465452010000000200000000000000ba7816bf8f01cfea414140de5dae2223"
        + "b00361a396177a9cb410ff61f20015ad40000000030000000300000001000100"
        + "03000000b73f4b36ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"
        + "b410ff61f20015ad90000000780000005a0000000201000056341200efbeadde"
        + "9a9d37a3b9b7d4ed38010000000000004c415244464f4f540800ff3bad9649e8")
    let parsed = encoded.withUnsafeBytes { SegmentFooter.parse($0, offset: 312, salt: salt) }
    #expect(parsed == entries)
  }

  @Test("A list of chunks is these bytes")
  func chunkList() {
    var list = ChunkList()
    list.append(name, length: 1 << 20)
    list.append(name, length: 5)
    let encoded = bytes(list.byteCount) { list.encode(into: $0, of: name) }
    #expect(
      Hex.encode(encoded) == "6f649ebe8cfa0a086cb0e7bbcc979eb777ce720c6fe3ce51918b97236efa6e39"
        + "05001000000000000200000000000000ba7816bf8f01cfea414140de5dae2223"
        + "b00361a396177a9cb410ff61f20015ad00001000ba7816bf8f01cfea414140de"
        + "5dae2223b00361a396177a9cb410ff61f20015ad05000000")
    #expect(encoded.withUnsafeBytes { ChunkList($0, of: name, size: 1 << 20 + 5) } == list)
    #expect(encoded.withUnsafeBytes { ChunkList($0, of: name, size: 1 << 20 + 6) } == nil)
    let other = RunningDigest.digest(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(encoded.withUnsafeBytes { ChunkList($0, of: other, size: 1 << 20 + 5) } == nil)
  }

  @Test("Every changed bit of a header, a footer or a list is seen")
  func flips() {
    let segment = SegmentHeader(id: 42, realm: RealmID(7), salt: salt, capacity: 1 << 21)
    let entries = [SegmentFooter.Entry(offset: 64, header: chunk)]
    var list = ChunkList()
    list.append(name, length: 5)
    let size = list.size
    func check(_ bytes: [UInt8], _ isRefused: (UnsafeRawBufferPointer) -> Bool) {
      for bit in 0..<bytes.count * 8 {
        var bad = bytes
        bad[bit / 8] ^= 1 << (bit % 8)
        let wasRefused = bad.withUnsafeBytes(isRefused)
        #expect(wasRefused, "bit \(bit)")
      }
    }
    check(bytes(SegmentHeader.byteCount) { segment.encode(into: $0) }) {
      SegmentHeader.parse($0) == .damaged
    }
    check(bytes(RecordHeader.byteCount) { chunk.encode(into: $0, offset: 64, salt: salt) }) {
      RecordHeader.parse($0, offset: 64, salt: salt) == .damaged
    }
    check(
      bytes(SegmentFooter.byteCount(records: 1)) {
        SegmentFooter.encode(entries, into: $0, offset: 152, salt: salt)
      }
    ) { SegmentFooter.parse($0, offset: 152, salt: salt) == nil }
    check(bytes(list.byteCount) { list.encode(into: $0, of: name) }) {
      ChunkList($0, of: name, size: size) == nil
    }
  }

  @Test("A record header holds at its own offset and under its own salt only")
  func keyed() {
    let encoded = bytes(RecordHeader.byteCount) { chunk.encode(into: $0, offset: 64, salt: salt) }
    encoded.withUnsafeBytes { bytes in
      #expect(RecordHeader.parse(bytes, offset: 72, salt: salt) == .damaged)
      #expect(RecordHeader.parse(bytes, offset: 64, salt: .random()) == .damaged)
    }
  }

  @Test("A newer format is told from damage, and zeros from both")
  func versions() {
    let segment = SegmentHeader(id: 42, realm: RealmID(7), salt: salt, capacity: 1 << 21)
    let newer = bytes(SegmentHeader.byteCount) { buffer in
      segment.encode(into: buffer)
      buffer.store(2 as UInt32, at: 8)
      buffer.store(SipHash.hash(buffer.first(56), key: salt), at: 56)
    }
    #expect(newer.withUnsafeBytes { SegmentHeader.parse($0) } == .unsupported(version: 2))
    let record = bytes(RecordHeader.byteCount) { buffer in
      chunk.encode(into: buffer, offset: 64, salt: salt)
      buffer.store(2 as UInt8, at: 4)
      buffer.store(SipHash.hash(buffer.first(64), extra: 64, key: salt), at: 64)
    }
    #expect(
      record.withUnsafeBytes { RecordHeader.parse($0, offset: 64, salt: salt) } == .unsupported)
    let zeros = [UInt8](repeating: 0, count: 64)
    #expect(zeros.withUnsafeBytes { SegmentHeader.parse($0) } == .blank)
    #expect([].withUnsafeBytes { SegmentHeader.parse($0) } == .blank)
  }

  @Test("A segment on disk is a header, records at multiples of eight, zeros")
  func wholeSegment() throws {
    let scratch = Scratch()
    let store = try Store.filled(scratch.path, options: .small)
    try store.put(Array("abc".utf8))
    try store.put(Array("defg".utf8))
    try store.close()
    let path = try #require(try scratch.segments().first)
    #expect(path.lastComponent?.string == "0000000000000001.seg")
    let bytes = try contents(path)
    #expect(bytes.count == 64 << 10)
    // Header 64; record 72 + 3 padded to 80; record 72 + 4 padded to 80.
    #expect(Array(bytes[64..<68]) == Array("LREC".utf8))
    #expect(Array(bytes[136..<139]) == Array("abc".utf8))
    #expect(Array(bytes[139..<144]) == [0, 0, 0, 0, 0])
    #expect(Array(bytes[144..<148]) == Array("LREC".utf8))
    #expect(bytes[224...].allSatisfy { $0 == 0 })
  }

  @Test("Payloads that LZ4 shortens by 3 % are stored as LZ4 blocks, others as they are")
  func codecs() throws {
    var random = Seeded(1)
    for (payload, codec) in [
      (random.text(1000), RecordHeader.Codec.lz4), (random.noise(1000), .raw), ([], .raw),
    ] {
      let header = payload.withUnsafeBytes {
        EncodedRecord(
          $0, kind: .chunk, isPart: false, digest: digest(payload), size: Int64(payload.count)
        ).header
      }
      #expect(header.codec == codec)
      #expect(header.rawLength == payload.count)
      #expect(
        codec == .raw
          ? header.storedLength == payload.count
          : header.storedLength * 100 <= payload.count * 97)
    }
  }
}
