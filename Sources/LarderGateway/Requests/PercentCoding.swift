import LarderCore

/// Percent-encoding of URLs (RFC 3986, 2.1), as strictly as browsers write it.
enum PercentCoding {
  /// A path's segment as it was before it was encoded; nil for a `%` without two digits behind it,
  /// and for what is no UTF-8.
  static func decoded(_ segment: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var rest = segment.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst(), let low = rest.popFirst(),
        let value = Hex.decode(String(decoding: [high, low], as: UTF8.self))?.first
      else { return nil }
      bytes.append(value)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// A path for a URL: everything but unreserved characters, `/` and those that segments may have as
  /// they are.
  static func encoded(path: String) -> String {
    var text = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      case _ where "-._~/@$+=:,!*'()".utf8.contains(byte):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%\(Hex.encode([byte]).uppercased())"
      }
    }
    return text
  }
}
