import HTTPTypes
import LarderService
import NIOHTTP1

/// What a request may look like at all, before anybody asks what it wants.
///
/// Stricter than the grammar of RFC 9112: whatever two programs might read in two ways is refused, so
/// that nobody behind a proxy gets another's answer. A pure function of the head as it was sent.
struct RequestRules: Sendable {
  let targetBytesMax: Int
  /// What opens routes that change something, and that may be asked for with POST; nil for none.
  var console: GatewayKey?

  /// Fields that decide what is answered to whom: two of one name are two opinions.
  private static let single = [
    "host", "origin", "referer", "range", "if-range", "content-length", "sec-fetch-site",
    "sec-fetch-mode", "sec-fetch-dest",
  ]

  /// Why the request is refused; nil if it is not.
  func objection(to head: HTTPRequestHead) -> Refusal? {
    guard head.version == .http1_1 || head.version == .http1_0 else {
      return Refusal(
        HTTPResponse.Status(code: 505, reasonPhrase: "HTTP Version Not Supported"), .badRequest,
        "HTTP \(head.version.major).\(head.version.minor) is not spoken here",
        remedy: "use HTTP/1.1")
    }
    guard head.method == .GET || head.method == .HEAD || isWrite(head) else {
      return Refusal(
        .methodNotAllowed, .badRequest, "\(head.method.rawValue.prefix(32)) is not answered here",
        remedy: "use GET or HEAD; what changes something goes through the daemon's socket")
    }
    return objection(toBodyOf: head.headers) ?? objection(toFields: head.headers)
      ?? objection(toTarget: head.uri)
  }

  /// Whether it may be a POST: its body is as empty as anybody's.
  private func isWrite(_ head: HTTPRequestHead) -> Bool {
    guard head.method == .POST, let console else { return false }
    return ConsoleRoute.isWrite(head.uri, key: console)
  }

  private func objection(toBodyOf fields: HTTPHeaders) -> Refusal? {
    if fields.contains(name: "transfer-encoding") {
      return Refusal(.badRequest, .badRequest, "a request here has no body, and no coding of one")
    }
    let lengths = fields["content-length"]
    guard lengths.isEmpty || lengths == ["0"] else {
      return Refusal(
        .contentTooLarge, .badRequest, "a request here has no body", remedy: "send none")
    }
    if fields.contains(name: "expect") {
      return Refusal(.expectationFailed, .badRequest, "nothing can be expected here")
    }
    return nil
  }

  private func objection(toFields fields: HTTPHeaders) -> Refusal? {
    for name in Self.single where fields[name].count > 1 {
      return Refusal(.badRequest, .badRequest, "the field '\(name)' is there more than once")
    }
    guard fields["host"].count == 1 else {
      return Refusal(.badRequest, .badRequest, "the field 'host' is missing")
    }
    for (name, value) in fields where !Self.isPlain(value) {
      return Refusal(
        .badRequest, .badRequest, "the field '\(name.prefix(64))' has control characters in it")
    }
    return nil
  }

  private func objection(toTarget target: String) -> Refusal? {
    let bytes = target.utf8
    guard bytes.count <= targetBytesMax else {
      return Refusal(
        .uriTooLong, .badRequest, "the URL has more than \(targetBytesMax) bytes")
    }
    guard bytes.first == UInt8(ascii: "/") else {
      return Refusal(
        .badRequest, .badRequest, "the target is no path", remedy: "do not use this as a proxy")
    }
    guard bytes.allSatisfy(Self.isPlain) else {
      return Refusal(
        .badRequest, .badRequest, "the URL has characters in it that must be percent-encoded")
    }
    return nil
  }

  /// Printable ASCII without what browsers encode or turn into something else.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"),
      UInt8(ascii: "|"), UInt8(ascii: "}"):
      false
    default: (0x21...0x7e).contains(byte)
    }
  }

  private static func isPlain(_ value: String) -> Bool {
    value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
  }
}
