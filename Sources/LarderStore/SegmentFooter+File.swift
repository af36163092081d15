import LarderCore
import LarderPlatform

extension SegmentFooter {
  /// Reads the footer that ends a sealed segment, and where it begins: 56 bytes a record and no
  /// payload.
  ///
  /// It can be believed, since it is written only once all before it is synced.
  ///
  /// - Returns: nil where no sound footer ends the file, or the file cannot be read: a scan of the
  ///   segment says the same, or why not.
  static func read(from segment: Segment) -> (offset: Int64, entries: [Entry])? {
    let first = Int64(SegmentHeader.byteCount)
    guard let size = try? segment.file.size(), size >= first + Int64(byteCount(records: 0)) else {
      return nil
    }
    let offset = read(endByteCount, at: size - Int64(endByteCount), of: segment) { end in
      end.littleEndian(at: 16, as: UInt64.self) == endMagic
        ? Int64(exactly: end.littleEndian(at: 8, as: UInt64.self)) : nil
    }
    guard let offset, (first...size - Int64(byteCount(records: 0))).contains(offset) else {
      return nil
    }
    let entries = read(Int(size - offset), at: offset, of: segment) {
      parse($0, offset: offset, salt: segment.salt)
    }
    return entries.map { (offset, $0) }
  }

  /// What `parse` makes of bytes of the file; nil where it cannot be read, or is shorter.
  private static func read<Value>(
    _ byteCount: Int, at offset: Int64, of segment: Segment,
    _ parse: (UnsafeRawBufferPointer) -> Value?
  ) -> Value? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 8)
    defer { buffer.deallocate() }
    // Who needs to know why scans the segment.
    guard (try? segment.file.read(into: buffer, at: offset)) == byteCount else { return nil }
    return parse(UnsafeRawBufferPointer(buffer))
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
