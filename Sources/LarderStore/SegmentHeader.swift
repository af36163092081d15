import LarderCore

/// The first 64 bytes of a segment: whose it is and the salt that keys its checks.
///
/// `docs/disk-format.md` draws the bytes.
struct SegmentHeader: Equatable {
  static let byteCount = 64
  /// "LARDSEGM", as a little-endian number.
  static let magic: UInt64 = 0x4d47_4553_4452_414c
  static let version: UInt32 = 1

  let id: UInt64
  let realm: RealmID
  let salt: SipHash.Key
  /// Bytes reserved for the file: records and footer together.
  let capacity: Int64

  /// What 64 bytes turned out to be.
  enum Parsed: Equatable {
    case header(SegmentHeader)
    /// A valid beginning of a format version that is not this one's.
    case unsupported(version: UInt32)
    /// Zeros: the file was reserved, then the writer died.
    case blank
    case damaged
  }

  /// Fills the first 64 bytes of `buffer`.
  func encode(into buffer: UnsafeMutableRawBufferPointer) {
    buffer.store(SegmentHeader.magic, at: 0)
    buffer.store(SegmentHeader.version, at: 8)
    buffer.store(realm.rawValue, at: 12)
    buffer.store(id, at: 16)
    buffer.store(salt.low, at: 24)
    buffer.store(salt.high, at: 32)
    buffer.store(UInt64(capacity), at: 40)
    buffer.store(0 as UInt64, at: 48)
    buffer.store(SipHash.hash(buffer.first(56), key: salt), at: 56)
  }

  /// Reads a header from the beginning of a file, which may be shorter than one.
  static func parse(_ bytes: UnsafeRawBufferPointer) -> Parsed {
    if bytes.allSatisfy({ $0 == 0 }) { return .blank }
    guard bytes.count >= byteCount, bytes.littleEndian(at: 0, as: UInt64.self) == magic else {
      return .damaged
    }
    let version = bytes.littleEndian(at: 8, as: UInt32.self)
    let salt = SipHash.Key(
      low: bytes.littleEndian(at: 24, as: UInt64.self),
      high: bytes.littleEndian(at: 32, as: UInt64.self))
    let check = SipHash.hash(UnsafeRawBufferPointer(rebasing: bytes[..<56]), key: salt)
    guard check == bytes.littleEndian(at: 56, as: UInt64.self) else { return .damaged }
    guard version == SegmentHeader.version else { return .unsupported(version: version) }
    let realm = bytes.littleEndian(at: 12, as: UInt32.self)
    let capacity = bytes.littleEndian(at: 40, as: UInt64.self)
    guard realm != 0, capacity <= UInt64(Store.Options.segmentSizeMax.value) else {
      return .damaged
    }
    return .header(
      SegmentHeader(
        id: bytes.littleEndian(at: 16, as: UInt64.self), realm: RealmID(realm), salt: salt,
        capacity: Int64(capacity)))
  }
}
