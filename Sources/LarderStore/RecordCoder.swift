import LarderCore
import LarderPlatform
import SystemPackage

/// A record in memory, ready to be written but for its place: the header is filled in last.
///
/// Owns its buffer; not copied on the way to the file.
struct EncodedRecord: ~Copyable {
  let header: RecordHeader
  private let buffer: UnsafeMutableRawBufferPointer

  var byteCount: Int { header.recordLength }

  /// Compresses a payload, or copies it where LZ4 saves less than 3 %.
  ///
  /// - Parameter size: bytes of the blob, for a list; a chunk's size is its length.
  init(
    _ payload: UnsafeRawBufferPointer, kind: RecordHeader.Kind, isPart: Bool, digest: Digest,
    size: Int64
  ) {
    precondition(payload.count <= RecordHeader.payloadMax, "a payload is at most 1 MiB")
    buffer = .allocate(
      byteCount: RecordHeader.recordLength(storedLength: payload.count), alignment: 8)
    let place = UnsafeMutableRawBufferPointer(rebasing: buffer[RecordHeader.byteCount...])
    // LZ4 gives up by itself once its output would not fit: the limit is the 97 % rule.
    let limit = UnsafeMutableRawBufferPointer(rebasing: place[..<(payload.count * 97 / 100)])
    let shortened = LZ4Block.encode(payload, into: limit)
    if shortened == nil { place.copyMemory(from: payload) }
    let stored = shortened ?? payload.count
    header = RecordHeader(
      kind: kind, codec: shortened == nil ? .raw : .lz4, isPart: isPart, rawLength: payload.count,
      storedLength: stored,
      digest: digest, size: size, payloadChecksum: CRC32C.checksum(place.first(stored)))
    for index in RecordHeader.byteCount + stored..<header.recordLength { buffer[index] = 0 }
  }

  /// The record whose header and stored payload are in `bytes`, checked before, for another place.
  ///
  /// - Parameter bytes: taken over, and freed at the end.
  fileprivate init(_ header: RecordHeader, owning bytes: UnsafeMutableRawBufferPointer) {
    self.header = header
    buffer = bytes
    let end = RecordHeader.byteCount + header.storedLength
    for index in end..<header.recordLength { buffer[index] = 0 }
  }

  deinit { buffer.deallocate() }

  /// Writes the record at `offset` of a segment; on an error some of it may be there, which a scan
  /// takes for the end of the segment.
  func write(to segment: Segment, at offset: Int64) throws(SystemCallError) {
    header.encode(into: buffer, offset: offset, salt: segment.salt)
    try segment.file.write(buffer.first(byteCount), at: offset)
  }
}

/// Reads records and believes nothing about them.
enum RecordReader {
  /// Reads a record, checks it to the last byte and lends its decoded payload.
  ///
  /// Checked in turn: the header's keyed check, its digest, the payload's CRC, the exact length
  /// after decoding, and for a chunk the SHA-256. (A list's own digest is checked where it is
  /// parsed.)
  ///
  /// - Throws: `corrupt` for whatever does not hold, `notFound` where a sound record of another
  ///   blob stands there (two digests under one hash), `io` for other failures of the disk.
  static func read(
    _ digest: Digest, at place: MemoryTable.Place, of segment: Segment,
    _ body: (RecordHeader, UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: RecordHeader.byteCount + place.storedLength, alignment: 8)
    defer { buffer.deallocate() }
    let header = try load(digest, at: place, of: segment, into: buffer)
    let stored = UnsafeRawBufferPointer(rebasing: buffer[RecordHeader.byteCount...])
    guard header.codec == .lz4 else {
      try check(stored, header, place, segment)
      return try body(header, stored)
    }
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: header.rawLength, alignment: 8)
    defer { raw.deallocate() }
    guard LZ4Block.decode(stored, into: raw) else {
      throw damage(place, segment, "its LZ4 block does not decode")
    }
    try check(UnsafeRawBufferPointer(raw), header, place, segment)
    try body(header, UnsafeRawBufferPointer(raw))
  }

  /// Reads a record's stored bytes and checks them without decoding: what a write relies on before
  /// it counts as stored already.
  static func confirm(
    _ digest: Digest, at place: MemoryTable.Place, of segment: Segment
  ) throws(StoreError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: RecordHeader.byteCount + place.storedLength, alignment: 8)
    defer { buffer.deallocate() }
    _ = try load(digest, at: place, of: segment, into: buffer)
  }

  /// Reads a record and checks its stored bytes, to write it elsewhere as it is.
  static func copy(
    _ digest: Digest, at place: MemoryTable.Place, of segment: Segment
  ) throws(StoreError) -> EncodedRecord {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: place.recordLength, alignment: 8)
    let record = UnsafeMutableRawBufferPointer(
      rebasing: buffer[..<(RecordHeader.byteCount + place.storedLength)])
    do throws(StoreError) {
      return EncodedRecord(
        try load(digest, at: place, of: segment, into: record), owning: buffer)
    } catch {
      buffer.deallocate()
      throw error
    }
  }

  private static func load(
    _ digest: Digest, at place: MemoryTable.Place, of segment: Segment,
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(StoreError) -> RecordHeader {
    let count: Int
    do {
      count = try segment.file.read(into: buffer, at: place.offset)
    } catch {
      // EIO is the medium's word that these bytes are gone; anything else may pass.
      let code: StoreError.Code = error.errno == .ioError ? .corrupt : .io
      throw StoreError(
        code, "cannot read the record at \(place.offset) of \(segment.name): \(error)",
        cause: error)
    }
    guard count == buffer.count else { throw damage(place, segment, "the file ends within it") }
    let parsed = RecordHeader.parse(
      UnsafeRawBufferPointer(buffer), offset: place.offset, salt: segment.salt)
    guard case .header(let header) = parsed else {
      throw damage(place, segment, "its header fails its check")
    }
    guard header.digest == digest else {
      throw StoreError(.notFound, "blob \(digest) is not stored: its hash belongs to another")
    }
    guard header.storedLength == place.storedLength, header.size == place.size,
      header.kind == place.kind
    else { throw damage(place, segment, "its header differs from the index") }
    let payload = UnsafeRawBufferPointer(rebasing: buffer[RecordHeader.byteCount...])
    guard CRC32C.checksum(payload) == header.payloadChecksum else {
      throw damage(place, segment, "its payload fails its checksum")
    }
    return header
  }

  private static func check(
    _ payload: UnsafeRawBufferPointer, _ header: RecordHeader, _ place: MemoryTable.Place,
    _ segment: Segment
  ) throws(StoreError) {
    guard header.kind == .list || RunningDigest.digest(payload) == header.digest else {
      throw damage(place, segment, "its bytes have another SHA-256")
    }
  }

  private static func damage(
    _ place: MemoryTable.Place, _ segment: Segment, _ finding: String
  ) -> StoreError {
    .corrupt("the record at \(place.offset) of \(segment.name)", finding)
  }
}
