import LarderCore

/// The 72 bytes before every payload: what it is, how long, and how to check both.
///
/// `docs/disk-format.md` draws the bytes. The header's own check is keyed by the segment's salt and
/// covers the record's offset, so neither a stored blob nor a misplaced write can pass for a
/// record.
struct RecordHeader: Equatable {
  static let byteCount = 72
  /// "LREC", as a little-endian number.
  static let magic: UInt32 = 0x4345_524c
  static let version: UInt8 = 1
  /// The longest payload, before and after compression: 1 MiB, the largest chunk. A list of 1 MiB
  /// names 29,000 chunks.
  static let payloadMax = 1 << 20

  /// What a payload is.
  enum Kind: UInt8 {
    /// Bytes; the digest is theirs.
    case chunk = 1
    /// The names of a blob's chunks; the digest is the blob's.
    case list = 2
    /// Zeros where a record was purged; the digest is zeros, and nothing ever finds it.
    case erased = 3
  }

  /// How a payload is stored.
  enum Codec: UInt8 {
    case raw = 0
    /// One LZ4 block, without a frame.
    case lz4 = 1
  }

  let kind: Kind
  let codec: Codec
  /// The chunk was written as a part of a larger blob, not as a blob of its own.
  let isPart: Bool
  /// Bytes of the payload once decoded.
  let rawLength: Int
  /// Bytes of the payload in the segment.
  let storedLength: Int
  let digest: Digest
  /// Bytes of the blob: those of the chunk, or of all chunks of the list.
  let size: Int64
  /// CRC-32C of the stored payload.
  let payloadChecksum: UInt32

  /// Bytes from this header to the next one: the payload is padded to a multiple of eight.
  var recordLength: Int { RecordHeader.recordLength(storedLength: storedLength) }

  static func recordLength(storedLength: Int) -> Int { (byteCount + storedLength + 7) & ~7 }

  /// Whether its numbers are ones that this version writes.
  var isSound: Bool {
    rawLength <= RecordHeader.payloadMax && storedLength <= rawLength
      && (codec == .lz4 || storedLength == rawLength)
      && size <= Store.Options.blobSizeLimit.value && (kind == .list || size == rawLength)
  }

  /// What 72 bytes turned out to be.
  enum Parsed: Equatable {
    case header(RecordHeader)
    /// Its check holds, but it says something that this version does not know.
    case unsupported
    case damaged
  }

  /// Fills the first 72 bytes of `buffer` for a record at `offset` of a segment with this salt.
  func encode(into buffer: UnsafeMutableRawBufferPointer, offset: Int64, salt: SipHash.Key) {
    buffer.store(RecordHeader.magic, at: 0)
    buffer.store(RecordHeader.version, at: 4)
    buffer.store(kind.rawValue, at: 5)
    buffer.store(codec.rawValue, at: 6)
    buffer.store((isPart ? 1 : 0) as UInt8, at: 7)
    buffer.store(UInt32(rawLength), at: 8)
    buffer.store(UInt32(storedLength), at: 12)
    digest.withUnsafeBytes { buffer.store(bytes: $0, at: 16) }
    buffer.store(UInt64(size), at: 48)
    buffer.store(payloadChecksum, at: 56)
    buffer.store(0 as UInt32, at: 60)
    let check = SipHash.hash(buffer.first(64), extra: UInt64(offset), key: salt)
    buffer.store(check, at: 64)
  }

  /// Reads the first 72 bytes of `bytes`, which stood at `offset`.
  ///
  /// - Precondition: there are 72 bytes.
  static func parse(
    _ bytes: UnsafeRawBufferPointer, offset: Int64, salt: SipHash.Key
  ) -> Parsed {
    precondition(bytes.count >= byteCount, "a record header takes 72 bytes")
    guard bytes.littleEndian(at: 0, as: UInt32.self) == magic else { return .damaged }
    let check = SipHash.hash(
      UnsafeRawBufferPointer(rebasing: bytes[..<64]), extra: UInt64(offset), key: salt)
    guard check == bytes.littleEndian(at: 64, as: UInt64.self) else { return .damaged }
    guard bytes[4] == version, let kind = Kind(rawValue: bytes[5]),
      let codec = Codec(rawValue: bytes[6]), bytes[7] & ~1 == 0,
      bytes.littleEndian(at: 60, as: UInt32.self) == 0,
      let size = Int64(exactly: bytes.littleEndian(at: 48, as: UInt64.self))
    else { return .unsupported }
    let header = RecordHeader(
      kind: kind, codec: codec, isPart: bytes[7] & 1 != 0,
      rawLength: Int(bytes.littleEndian(at: 8, as: UInt32.self)),
      storedLength: Int(bytes.littleEndian(at: 12, as: UInt32.self)),
      digest: Digest(copying: UnsafeRawBufferPointer(rebasing: bytes[16..<48])), size: size,
      payloadChecksum: bytes.littleEndian(at: 56, as: UInt32.self))
    return header.isSound ? .header(header) : .unsupported
  }
}
