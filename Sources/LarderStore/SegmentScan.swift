import LarderCore
import LarderPlatform

/// Walks the records of a segment from an offset to its end.
///
/// One walk for three uses: the tail after a crash, a whole segment when the index is gone, and the
/// table of a segment that is being sealed.
struct SegmentScan: ~Copyable {
  /// What to make of a record that fails its checks.
  enum Rule {
    /// It is the end: nothing behind it was promised to anybody.
    case stopAtDamage
    /// It is skipped; the next header that passes its keyed check goes on. Costs a check per eight
    /// bytes of damage.
    case skipDamage
  }

  /// How a walk ended.
  struct Result {
    /// Just behind the last sound record, or the start.
    var end: Int64
    /// A sound footer stands at `end`.
    var hasFooter = false
    /// Damaged stretches between sound records; at least one each.
    var damaged = 0
  }

  private let segment: Segment
  private let size: Int64
  private let checksPayloads: Bool
  private let window: UnsafeMutableRawBufferPointer
  private var windowStart: Int64 = 0
  private var windowCount = 0

  /// - Parameter size: the length of the file.
  init(_ segment: Segment, size: Int64, checksPayloads: Bool) {
    self.segment = segment
    self.size = size
    self.checksPayloads = checksPayloads
    // Twice the longest record: one read brings many short ones.
    window = .allocate(byteCount: 2 << 20 + 4096, alignment: 16)
    // More than a window at a time would only bring in what was reserved and never written, and then
    // has to be read to be told from data.
    segment.file.expect(.random)
  }

  deinit {
    segment.file.expect(.normal)
    window.deallocate()
  }

  /// Visits every sound record that was not erased from `start` on, in order.
  ///
  /// - Throws: `unsupportedFormat` for a record of a newer version, `io` where the file cannot be
  ///   read, and what `visit` throws.
  mutating func run(
    from start: Int64, rule: Rule, _ visit: (Int64, RecordHeader) throws(StoreError) -> Void
  ) throws(StoreError) -> Result {
    var result = Result(end: start)
    var offset = start
    var skipped = 0
    while offset + Int64(RecordHeader.byteCount) <= size {
      switch try record(at: offset) {
      case .sound(let header):
        if header.kind != .erased { try visit(offset, header) }
        offset += Int64(header.recordLength)
        result.end = offset
        result.damaged += skipped
        skipped = 0
      case .footer:
        result.end = offset
        result.damaged += skipped
        result.hasFooter = true
        return result
      case .tornPayload(let header):
        // The header passed its keyed check, so its length can be trusted.
        if rule == .stopAtDamage { return result }
        skipped += 1
        offset += Int64(header.recordLength)
      case .damaged:
        if rule == .stopAtDamage { return result }
        skipped = 1
        offset = try nextCandidate(after: offset)
      }
    }
    return result
  }

  private enum Found {
    case sound(RecordHeader)
    case tornPayload(RecordHeader)
    case footer
    case damaged
  }

  private mutating func record(at offset: Int64) throws(StoreError) -> Found {
    let begin = try bytes(at: offset, count: RecordHeader.byteCount)
    guard begin.count == RecordHeader.byteCount else { return .damaged }
    let magic = begin.littleEndian(at: 0, as: UInt32.self)
    if magic == SegmentFooter.magic {
      let records = Int(begin.littleEndian(at: 8, as: UInt32.self))
      guard offset + Int64(SegmentFooter.byteCount(records: records)) == size else {
        return .damaged
      }
      return try isFooter(at: offset) ? .footer : .damaged
    }
    switch RecordHeader.parse(begin, offset: offset, salt: segment.salt) {
    case .damaged: return .damaged
    case .unsupported:
      throw StoreError(
        .unsupportedFormat,
        "the record at \(offset) of \(segment.name) was written by a newer Larder; use that one")
    case .header(let header):
      guard offset + Int64(header.recordLength) <= size else { return .tornPayload(header) }
      if checksPayloads {
        let record = try bytes(at: offset, count: header.recordLength)
        guard record.count == header.recordLength else { return .tornPayload(header) }
        let end = RecordHeader.byteCount + header.storedLength
        let payload = UnsafeRawBufferPointer(rebasing: record[RecordHeader.byteCount..<end])
        guard CRC32C.checksum(payload) == header.payloadChecksum,
          record[end...].allSatisfy({ $0 == 0 })
        else { return .tornPayload(header) }
      }
      return .sound(header)
    }
  }

  /// The next place behind `offset` where a header could begin: records stand at multiples of
  /// eight.
  private mutating func nextCandidate(after offset: Int64) throws(StoreError) -> Int64 {
    var place = offset + 8
    while place < size {
      let part = try bytes(at: place, count: Int(min(1 << 20, size - place)))
      for index in stride(from: 0, to: part.count - 7, by: 8) {
        let word = part.littleEndian(at: index, as: UInt32.self)
        if word == RecordHeader.magic || word == SegmentFooter.magic { return place + Int64(index) }
      }
      if part.count < 8 { break }
      place += Int64(part.count & ~7)
    }
    return size
  }

  private func isFooter(at offset: Int64) throws(StoreError) -> Bool {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Int(size - offset), alignment: 8)
    defer { buffer.deallocate() }
    let count = try attempting("read a footer") { () throws(SystemCallError) -> Int in
      try segment.file.read(into: buffer, at: offset)
    }
    return count == buffer.count
      && SegmentFooter.parse(UnsafeRawBufferPointer(buffer), offset: offset, salt: segment.salt)
        != nil
  }

  /// Up to `count` bytes at `offset`, valid until the next call; fewer at the end of the file.
  private mutating func bytes(
    at offset: Int64, count: Int
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    if offset < windowStart || offset + Int64(count) > windowStart + Int64(windowCount) {
      let wanted = Int(min(Int64(window.count), max(0, size - offset)))
      let target = UnsafeMutableRawBufferPointer(rebasing: window[..<wanted])
      windowCount = 0
      windowCount = try attempting("scan \(segment.name)") { () throws(SystemCallError) -> Int in
        try segment.file.read(into: target, at: offset)
      }
      windowStart = offset
    }
    let skip = Int(offset - windowStart)
    let available = max(0, min(count, windowCount - skip))
    return UnsafeRawBufferPointer(rebasing: window[skip..<skip + available])
  }
}
