/// The head of an HTTP/2 frame (RFC 9113, section 4.1).
struct HTTP2Frame {
  enum Kind: UInt8 {
    case data = 0
    case headers = 1
    case resetStream = 3
    case settings = 4
    case ping = 6
    case goAway = 7
    case windowUpdate = 8
  }

  static let byteCount = 9
  static let endStream: UInt8 = 1
  static let endHeaders: UInt8 = 4
  static let acknowledged: UInt8 = 1

  let length: Int
  /// nil for a kind that is to be ignored.
  let kind: Kind?
  let flags: UInt8
  let stream: UInt32

  var endsStream: Bool {
    (kind == .data || kind == .headers) && flags & HTTP2Frame.endStream != 0
  }

  /// nil where the head has not come whole.
  init?(reading bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= HTTP2Frame.byteCount else { return nil }
    length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
    kind = Kind(rawValue: bytes[3])
    flags = bytes[4]
    stream =
      UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 5, as: UInt32.self)) & 0x7fff_ffff
  }

  static func bytes(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ body: [UInt8]) -> [UInt8]
  {
    let length = UInt32(body.count)
    return [UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255)]
      + [kind.rawValue, flags] + number(stream) + body
  }

  /// In the order of the network.
  static func number(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}
