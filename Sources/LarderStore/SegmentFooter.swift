import LarderCore

/// The end of a sealed segment: a table of its records, so that an index can be rebuilt without
/// reading the payloads.
///
/// Sixteen bytes of beginning, 56 bytes a record, 32 bytes of end; `docs/disk-format.md` draws
/// them. Both checks are keyed by the segment's salt and cover the footer's offset.
struct SegmentFooter: Equatable {
  /// "LFTR", as a little-endian number: where a record's magic would stand.
  static let magic: UInt32 = 0x5254_464c
  /// "LARDFOOT", as a little-endian number.
  static let endMagic: UInt64 = 0x544f_4f46_4452_414c
  static let version: UInt8 = 1
  static let beginByteCount = 16
  static let entryByteCount = 56
  static let endByteCount = 32

  /// One record as the table tells it: its header without the checks, and its place.
  struct Entry: Equatable {
    let offset: Int64
    let header: RecordHeader
    var end: Int64 { offset + Int64(header.recordLength) }
  }

  /// Bytes of a footer for so many records.
  static func byteCount(records: Int) -> Int {
    beginByteCount + records * entryByteCount + endByteCount
  }

  /// Fills `buffer`, which must hold `byteCount(records: entries.count)` bytes, for a footer at
  /// `offset`.
  static func encode(
    _ entries: [Entry], into buffer: UnsafeMutableRawBufferPointer, offset: Int64,
    salt: SipHash.Key
  ) {
    buffer.store(magic, at: 0)
    buffer.store(UInt32(version), at: 4)
    buffer.store(UInt32(entries.count), at: 8)
    buffer.store(0 as UInt32, at: 12)
    var place = beginByteCount
    for entry in entries {
      entry.header.digest.withUnsafeBytes { buffer.store(bytes: $0, at: place) }
      buffer.store(UInt32(entry.offset), at: place + 32)
      buffer.store(UInt32(entry.header.rawLength), at: place + 36)
      buffer.store(UInt32(entry.header.storedLength), at: place + 40)
      buffer.store(entry.header.kind.rawValue, at: place + 44)
      buffer.store(entry.header.codec.rawValue, at: place + 45)
      buffer.store((entry.header.isPart ? 1 : 0) as UInt8, at: place + 46)
      buffer.store(0 as UInt8, at: place + 47)
      buffer.store(UInt32(entry.header.size), at: place + 48)
      buffer.store(entry.header.payloadChecksum, at: place + 52)
      place += entryByteCount
    }
    buffer.store(SipHash.hash(buffer.first(place), extra: UInt64(offset), key: salt), at: place)
    buffer.store(UInt64(offset), at: place + 8)
    buffer.store(endMagic, at: place + 16)
    let end = UnsafeRawBufferPointer(rebasing: buffer[place..<place + 24])
    buffer.store(SipHash.hash(end, extra: UInt64(offset), key: salt), at: place + 24)
  }

  /// Reads the whole footer that stands at `offset`; nil where any check fails, or an entry tells
  /// what cannot be.
  static func parse(
    _ bytes: UnsafeRawBufferPointer, offset: Int64, salt: SipHash.Key
  ) -> [Entry]? {
    guard bytes.count >= byteCount(records: 0), bytes.littleEndian(at: 0, as: UInt32.self) == magic,
      bytes.littleEndian(at: 4, as: UInt32.self) == version
    else { return nil }
    let count = Int(bytes.littleEndian(at: 8, as: UInt32.self))
    guard bytes.count == byteCount(records: count) else { return nil }
    let end = beginByteCount + count * entryByteCount
    let table = UnsafeRawBufferPointer(rebasing: bytes[..<end])
    let trailer = UnsafeRawBufferPointer(rebasing: bytes[end..<end + 24])
    guard
      bytes.littleEndian(at: end, as: UInt64.self)
        == SipHash.hash(table, extra: UInt64(offset), key: salt),
      bytes.littleEndian(at: end + 8, as: UInt64.self) == UInt64(offset),
      bytes.littleEndian(at: end + 16, as: UInt64.self) == endMagic,
      bytes.littleEndian(at: end + 24, as: UInt64.self)
        == SipHash.hash(trailer, extra: UInt64(offset), key: salt)
    else { return nil }
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    for place in stride(from: beginByteCount, to: end, by: entryByteCount) {
      guard let kind = RecordHeader.Kind(rawValue: bytes[place + 44]),
        let codec = RecordHeader.Codec(rawValue: bytes[place + 45])
      else { return nil }
      let header = RecordHeader(
        kind: kind, codec: codec, isPart: bytes[place + 46] & 1 != 0,
        rawLength: Int(bytes.littleEndian(at: place + 36, as: UInt32.self)),
        storedLength: Int(bytes.littleEndian(at: place + 40, as: UInt32.self)),
        digest: Digest(copying: UnsafeRawBufferPointer(rebasing: bytes[place..<place + 32])),
        size: Int64(bytes.littleEndian(at: place + 48, as: UInt32.self)),
        payloadChecksum: bytes.littleEndian(at: place + 52, as: UInt32.self))
      let entry = Entry(
        offset: Int64(bytes.littleEndian(at: place + 32, as: UInt32.self)), header: header)
      // In the order of the records, each behind the one before.
      let least = entries.last?.end ?? Int64(SegmentHeader.byteCount)
      guard header.isSound, entry.offset % 8 == 0, entry.offset >= least, entry.end <= offset else {
        return nil
      }
      entries.append(entry)
    }
    return entries
  }
}
