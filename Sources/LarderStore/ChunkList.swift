import LarderCore

/// The payload of a list record: the chunks of a large blob, in order.
///
/// 48 bytes of beginning, 36 bytes a chunk. It begins with the SHA-256 of the blob's digest and of what
/// follows, so that a list, and whose it is, is checked as strongly as the chunks that it names.
struct ChunkList: Equatable {
  static let beginByteCount = 48
  static let entryByteCount = 36

  /// One chunk; its length is that of its bytes, before compression.
  struct Entry: Equatable {
    let digest: Digest
    let length: Int
  }

  var entries: [Entry] = []
  /// Bytes of the blob: the sum of the lengths.
  private(set) var size: Int64 = 0

  /// Chunks that fit into one record: a list of them is no longer than a payload may be.
  static let countMax = (RecordHeader.payloadMax - beginByteCount) / entryByteCount

  var byteCount: Int { ChunkList.beginByteCount + entries.count * ChunkList.entryByteCount }

  mutating func append(_ digest: Digest, length: Int) {
    entries.append(Entry(digest: digest, length: length))
    size += Int64(length)
  }

  /// Fills `buffer`, which must hold `byteCount` bytes, with the list of the blob with this digest.
  func encode(into buffer: UnsafeMutableRawBufferPointer, of blob: Digest) {
    buffer.store(UInt64(size), at: 32)
    buffer.store(UInt32(entries.count), at: 40)
    buffer.store(0 as UInt32, at: 44)
    var place = ChunkList.beginByteCount
    for entry in entries {
      entry.digest.withUnsafeBytes { buffer.store(bytes: $0, at: place) }
      buffer.store(UInt32(entry.length), at: place + 32)
      place += ChunkList.entryByteCount
    }
    let rest = UnsafeRawBufferPointer(rebasing: buffer[32..<byteCount])
    ChunkList.check(of: blob, rest).withUnsafeBytes { buffer.store(bytes: $0, at: 0) }
  }

  /// Reads the list of a blob with this digest and size; nil where the check, a length or the sum is
  /// wrong.
  init?(_ bytes: UnsafeRawBufferPointer, of blob: Digest, size: Int64) {
    guard bytes.count >= ChunkList.beginByteCount else { return nil }
    let count = Int(bytes.littleEndian(at: 40, as: UInt32.self))
    guard bytes.count == ChunkList.beginByteCount + count * ChunkList.entryByteCount,
      ChunkList.check(of: blob, UnsafeRawBufferPointer(rebasing: bytes[32...]))
        == Digest(copying: bytes)
    else { return nil }
    entries.reserveCapacity(count)
    for place in stride(
      from: ChunkList.beginByteCount, to: bytes.count, by: ChunkList.entryByteCount)
    {
      let length = Int(bytes.littleEndian(at: place + 32, as: UInt32.self))
      guard length > 0, length <= RecordHeader.payloadMax else { return nil }
      append(
        Digest(copying: UnsafeRawBufferPointer(rebasing: bytes[place..<place + 32])),
        length: length)
    }
    guard self.size == size, bytes.littleEndian(at: 32, as: UInt64.self) == UInt64(size) else {
      return nil
    }
  }

  init() {}

  /// What a list begins with.
  static func check(of blob: Digest, _ rest: UnsafeRawBufferPointer) -> Digest {
    var check = RunningDigest()
    blob.withUnsafeBytes { check.update($0) }
    check.update(rest)
    return check.finish()
  }
}
