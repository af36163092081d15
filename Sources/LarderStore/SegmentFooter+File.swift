import LarderCore
import LarderPlatform

extension SegmentFooter {
  /// Visits the records of a sealed segment in order, as its footer tells them.
  ///
  /// Reads 56 bytes a record and no payload: a footer is written only once all before it is synced.
  ///
  /// - Parameter size: the length of the file.
  /// - Returns: what a scan of the segment would; nil, after no visit, where no sound footer ends
  ///   the file.
  /// - Throws: `io` where the file cannot be read.
  static func visit(
    _ segment: Segment, size: Int64, _ visit: (Int64, RecordHeader) -> Void
  ) throws(StoreError) -> SegmentScan.Result? {
    let records = Int64(SegmentHeader.byteCount)
    let place = size - Int64(endByteCount)
    guard place >= records else { return nil }
    let end = try read(endByteCount, at: place, of: segment) { bytes in
      bytes.littleEndian(at: 16, as: UInt64.self) == endMagic
        ? bytes.littleEndian(at: 8, as: UInt64.self) : 0
    }
    guard let end, let offset = Int64(exactly: end), offset >= records, offset < place,
      let entries = try read(
        Int(size - offset), at: offset, of: segment,
        { parse($0, offset: offset, salt: segment.salt) }) ?? nil
    else { return nil }
    for entry in entries { visit(entry.offset, entry.header) }
    return SegmentScan.Result(end: offset, hasFooter: true)
  }

  /// What `parse` makes of bytes of the file; nil where it is shorter.
  private static func read<Value>(
    _ byteCount: Int, at offset: Int64, of segment: Segment,
    _ parse: (UnsafeRawBufferPointer) -> Value
  ) throws(StoreError) -> Value? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 8)
    defer { buffer.deallocate() }
    let count = try attempting("read the footer of \(segment.name)") {
      () throws(SystemCallError) -> Int in
      try segment.file.read(into: buffer, at: offset)
    }
    return count == byteCount ? parse(UnsafeRawBufferPointer(buffer)) : nil
  }

  /// Writes the footer of a segment behind its last record and cuts the file there.
  ///
  /// Reads the headers again, instead of keeping a table in memory for the life of every segment:
  /// 64 MiB from the page cache.
  ///
  /// - Returns: the new length of the file.
  static func write(to segment: Segment, end: Int64, records: Int) throws(StoreError) -> Int64 {
    var entries: [Entry] = []
    entries.reserveCapacity(records)
    var scan = SegmentScan(segment, size: end, checksPayloads: false)
    _ = try scan.run(from: Int64(SegmentHeader.byteCount), rule: .skipDamage) { offset, header in
      entries.append(Entry(offset: offset, header: header))
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: byteCount(records: entries.count), alignment: 8)
    defer { buffer.deallocate() }
    encode(entries, into: buffer, offset: end, salt: segment.salt)
    let size = end + Int64(buffer.count)
    try attempting("seal \(segment.name)") { () throws(SystemCallError) in
      try segment.file.write(UnsafeRawBufferPointer(buffer), at: end)
      try segment.file.truncate(to: size)
    }
    return size
  }
}
