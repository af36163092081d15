/// What the paths of a gateway begin with.
package enum Mount: Hashable, Sendable {
  /// A secret, which is all that a caller needs to know.
  case key(GatewayKey)
  /// A path that anybody may know; without segments the root.
  case path([String])

  /// Segments of a path: nobody has an address that is deeper.
  static let segmentsMax = 16

  /// Reads a path such as `/assets/larder`, with or without a slash at its end; nil for what would
  /// have to be percent-encoded.
  package init?(path text: String) {
    guard text.hasPrefix("/") else { return nil }
    let segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    let named = segments.last?.isEmpty == true ? segments.dropLast() : segments
    guard named.count <= Self.segmentsMax, named.allSatisfy(Self.isPlain) else { return nil }
    self = .path(named.map(String.init))
  }

  /// What stands before the first segment of a route: `/`, or `/assets/larder/`.
  package var prefix: String {
    switch self {
    case .key(let key): "/\(key.text)/"
    case .path(let segments): "/" + segments.map { $0 + "/" }.joined()
    }
  }

  /// The segments behind it; nil for a path that is not below it.
  ///
  /// - Parameter segments: of a path, as they were sent.
  func rest(of segments: ArraySlice<Substring>) -> ArraySlice<Substring>? {
    switch self {
    case .key(let key):
      guard let first = segments.first, key.matches(first) else { return nil }
      return segments.dropFirst()
    case .path(let own):
      guard segments.count >= own.count, zip(segments, own).allSatisfy({ $0 == $1 }) else {
        return nil
      }
      return segments.dropFirst(own.count)
    }
  }

  /// Unreserved characters (RFC 3986, 2.3), and no step up or on the spot.
  private static func isPlain(_ segment: Substring) -> Bool {
    !segment.isEmpty && segment != "." && segment != ".."
      && segment.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-._~".utf8.contains(byte)
        }
      }
  }
}
