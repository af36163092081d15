import LarderCore
import LarderPlatform

@testable import LarderStore

/// Makes some checks of a segment's bytes hold again, so that what lies behind them is met too: no
/// mutation guesses a SipHash or a SHA-256.
struct SegmentMending: OptionSet {
  let rawValue: UInt8

  /// The keyed checks of headers and of a footer at the end.
  static let headers = SegmentMending(rawValue: 1)
  /// The checksums of payloads.
  static let payloads = SegmentMending(rawValue: 2)
  /// The digests of chunks that are stored as they are.
  static let digests = SegmentMending(rawValue: 4)

  /// The header that every segment of these targets has.
  static let header = SegmentHeader(
    id: 1, realm: RealmID(1), salt: SipHash.Key(low: 1, high: 2), capacity: 64 << 10)

  /// A segment of these records: the header, and the bytes mended.
  func segment(_ records: UnsafeRawBufferPointer) -> [UInt8] {
    var file = [UInt8](repeating: 0, count: SegmentHeader.byteCount) + records
    file.withUnsafeMutableBytes { bytes in
      SegmentMending.header.encode(into: bytes)
      for place in stride(from: SegmentHeader.byteCount, to: bytes.count, by: 8) {
        let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[place...])
        guard rest.count >= 16 else { return }
        switch UnsafeRawBufferPointer(rest).littleEndian(at: 0, as: UInt32.self) {
        case RecordHeader.magic: mendRecord(rest, at: Int64(place))
        case SegmentFooter.magic: mendFooter(rest, at: Int64(place))
        default: break
        }
      }
    }
    return file
  }

  private func mendRecord(_ record: UnsafeMutableRawBufferPointer, at place: Int64) {
    guard record.count >= RecordHeader.byteCount else { return }
    let stored = Int(UnsafeRawBufferPointer(record).littleEndian(at: 12, as: UInt32.self))
    if stored <= record.count - RecordHeader.byteCount {
      let payload = UnsafeRawBufferPointer(
        rebasing: record[RecordHeader.byteCount..<RecordHeader.byteCount + stored])
      if contains(.payloads) { record.store(CRC32C.checksum(payload), at: 56) }
      if contains(.digests) {
        RunningDigest.digest(payload).withUnsafeBytes { record.store(bytes: $0, at: 16) }
      }
    }
    guard contains(.headers) else { return }
    let check = SipHash.hash(
      record.first(64), extra: UInt64(place), key: SegmentMending.header.salt)
    record.store(check, at: 64)
  }

  private func mendFooter(_ footer: UnsafeMutableRawBufferPointer, at place: Int64) {
    let records = Int(UnsafeRawBufferPointer(footer).littleEndian(at: 8, as: UInt32.self))
    guard contains(.headers), footer.count == SegmentFooter.byteCount(records: records) else {
      return
    }
    let (end, salt) = (footer.count - SegmentFooter.endByteCount, SegmentMending.header.salt)
    footer.store(SipHash.hash(footer.first(end), extra: UInt64(place), key: salt), at: end)
    footer.store(UInt64(place), at: end + 8)
    footer.store(SegmentFooter.endMagic, at: end + 16)
    let trailer = UnsafeRawBufferPointer(rebasing: footer[end..<end + 24])
    footer.store(SipHash.hash(trailer, extra: UInt64(place), key: salt), at: end + 24)
  }
}
