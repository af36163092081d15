/// A call of `BatchReadBlobs` for one blob, as the frames HEADERS and DATA.
enum GRPCRequest {
  /// Before each message: whether it is compressed, and its length.
  static let prefixBytes = 5
  /// Where the stream's number stands in each frame of what `bytes` gives.
  static let headersStream = 5
  static let dataStream = HTTP2Frame.byteCount + indexed.count + 5

  private static let service = "/build.bazel.remote.execution.v2.ContentAddressableStorage"

  /// What the first call adds to the server's table of headers, the newest of which has number 62.
  private static let named: [(name: String, value: String)] = [
    (":path", "\(service)/BatchReadBlobs"), (":authority", "localhost"),
    ("content-type", "application/grpc"), ("te", "trailers"),
  ]
  /// `:method: POST` and `:scheme: http`, of the table that everybody has (RFC 7541, appendix A).
  private static let fixed: [UInt8] = [0x83, 0x86]
  /// Then the named ones, each by its number.
  private static let indexed =
    fixed + (0..<named.count).map { 0x80 | UInt8(62 + named.count - 1 - $0) }

  /// The first call on a connection.
  static func first(digest: String, size: Int) -> [UInt8] {
    let literals = named.reduce(into: [UInt8]()) { $0 += [0x40] + text($1.name) + text($1.value) }
    return frames(fixed + literals, stream: 1, digest: digest, size: size)
  }

  /// A later one; its stream is to be filled in.
  static func bytes(digest: String, size: Int) -> [UInt8] {
    frames(indexed, stream: 0, digest: digest, size: size)
  }

  private static func frames(
    _ headers: [UInt8], stream: UInt32, digest: String, size: Int
  ) -> [UInt8] {
    let name = field(1, Array(digest.utf8)) + [2 << 3] + varint(size)
    let message = field(2, name)
    return HTTP2Frame.bytes(.headers, flags: HTTP2Frame.endHeaders, stream: stream, headers)
      + HTTP2Frame.bytes(
        .data, flags: HTTP2Frame.endStream, stream: stream,
        [0] + HTTP2Frame.number(UInt32(message.count)) + message)
  }

  /// Without Huffman's code; all are shorter than 127 bytes.
  private static func text(_ text: String) -> [UInt8] {
    [UInt8(text.utf8.count)] + Array(text.utf8)
  }

  private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    [number << 3 | 2] + varint(content.count) + content
  }

  private static func varint(_ value: Int) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
  }
}
