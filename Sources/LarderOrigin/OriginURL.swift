import LarderCore

/// Scheme, host and port: what shares credentials, connections and failures.
package struct Origin: Hashable, Sendable {
  /// `http` or `https`.
  package let scheme: String
  /// Lower case; an IPv6 address without its brackets.
  package let host: String
  package let port: UInt16
}

extension Origin: CustomStringConvertible {
  package var description: String {
    let authority = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    return port == Origin.defaultPort(scheme)
      ? "\(scheme)://\(authority)" : "\(scheme)://\(authority):\(port)"
  }

  static func defaultPort(_ scheme: String) -> UInt16 { scheme == "https" ? 443 : 80 }
}

/// An absolute http or https URL that means the same to everybody who reads it.
///
/// Stricter than RFC 3986, since a URL that two parsers read differently is how a check is passed
/// by: only its characters, no user information, no empty host, no numbers for a host but four
/// decimal ones, sound percent-encoding and no encoded NUL. The fragment is dropped.
package struct OriginURL: Hashable, Sendable {
  package let origin: Origin
  /// Begins with `/`, has no `.` and `..` segments.
  package let path: String
  /// Without `?`; nil if there was none.
  package let query: String?

  /// Bytes of a URL, as servers commonly limit a request line.
  package static let bytesMax = 8192

  /// - Throws: `badURL`, saying which rule the text breaks.
  package init(_ text: String) throws(OriginError) {
    guard text.utf8.count <= Self.bytesMax else {
      throw .badURL(text, "it has more than \(Self.bytesMax) bytes")
    }
    guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }) else {
      throw .badURL(text, "it has white space, control characters, a backslash or non-ASCII text")
    }
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      throw .badURL(text, "it has no scheme")
    }
    let scheme = text[..<colon].lowercased()
    guard scheme == "http" || scheme == "https" else {
      throw .badURL(text, "its scheme is neither http nor https")
    }
    let rest = text[text.utf8.index(after: colon)...]
    guard rest.hasPrefix("//") else { throw .badURL(text, "'//' is missing after the scheme") }
    let afterSlashes = rest.dropFirst(2)
    let authorityEnd =
      afterSlashes.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? afterSlashes.endIndex
    origin = try Self.origin(scheme, afterSlashes[..<authorityEnd], in: text)
    (path, query) = try Self.pathAndQuery(afterSlashes[authorityEnd...], in: text)
  }

  private init(origin: Origin, path: String, query: String?) {
    self.origin = origin
    self.path = path
    self.query = query
  }

  /// What a `Location` header that this URL answered with refers to (RFC 3986, section 5.2).
  ///
  /// - Throws: `badURL`.
  package func resolving(_ location: String) throws(OriginError) -> OriginURL {
    if location.hasPrefix("//") { return try OriginURL("\(origin.scheme):\(location)") }
    let name = location.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if name.contains(":") { return try OriginURL(location) }
    if location.isEmpty || location.hasPrefix("#") { return self }
    if location.hasPrefix("/") { return try OriginURL("\(origin)\(location)") }
    if location.hasPrefix("?") { return try OriginURL("\(origin)\(path)\(location)") }
    let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
    return try OriginURL("\(origin)\(folder)\(location)")
  }

  /// Without the query, which may carry secrets: for messages and logs.
  package var redacted: String { query == nil ? description : "\(origin)\(path)?…" }

  private static func origin(
    _ scheme: String, _ authority: Substring, in text: String
  ) throws(OriginError) -> Origin {
    guard !authority.contains("@") else { throw .badURL(text, "it has user information") }
    let host: Substring
    var port: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { throw .badURL(text, "a ']' is missing") }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let rest = authority[authority.index(after: end)...]
      if !rest.isEmpty {
        guard rest.hasPrefix(":") else { throw .badURL(text, "text follows the address") }
        port = rest.dropFirst()
      }
      guard HostAddress(ipv6: String(host)) != nil else {
        throw .badURL(text, "'\(host)' is no IPv6 address")
      }
    } else {
      let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      host = parts[0]
      if parts.count == 2 { port = parts[1] }
      try checkName(host, in: text)
    }
    return Origin(
      scheme: scheme, host: host.lowercased(), port: try number(port, scheme, in: text))
  }

  private static func number(
    _ port: Substring?, _ scheme: String, in text: String
  ) throws(OriginError) -> UInt16 {
    guard let port, !port.isEmpty else { return Origin.defaultPort(scheme) }
    guard port.utf8.count <= 5, port.utf8.allSatisfy(isDigit), let number = UInt16(port), number > 0
    else { throw .badURL(text, "'\(port)' is no port") }
    return number
  }

  private static func checkName(_ host: Substring, in text: String) throws(OriginError) {
    let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard host.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.count) }) else {
      throw .badURL(text, "its host is empty, too long or has an empty label")
    }
    guard
      host.utf8.allSatisfy({
        isLetter($0) || isDigit($0) || "-._".utf8.contains($0)
      })
    else {
      throw .badURL(text, "its host has characters other than letters, digits, '-', '.', '_'")
    }
    // The resolver also takes 0x7f.1, 017700000001 and 2130706433 for 127.0.0.1; nobody writes
    // those in good faith.
    let last = host.split(separator: ".").last ?? ""
    let looksNumeric =
      last.utf8.allSatisfy(isDigit) || last.lowercased().hasPrefix("0x")
    guard !looksNumeric || HostAddress(ipv4: String(host)) != nil else {
      throw .badURL(text, "an IPv4 address has four decimal numbers without leading zeros")
    }
  }

  private static func pathAndQuery(
    _ text: Substring, in whole: String
  ) throws(OriginError) -> (String, String?) {
    let parts = text.prefix { $0 != "#" }
      .split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts.first.map(String.init) ?? ""
    let query = parts.count == 2 ? String(parts[1]) : nil
    for part in [path, query ?? ""] { try checkEncoding(part, in: whole) }
    return (removingDots(path), query)
  }

  private static func checkEncoding(_ part: String, in whole: String) throws(OriginError) {
    var bytes = part.utf8[...]
    while let byte = bytes.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard let value = UInt8(hexDigits: bytes.prefix(2)) else {
          throw .badURL(whole, "a '%' is not followed by two hexadecimal digits")
        }
        guard value != 0 else { throw .badURL(whole, "it has an encoded NUL") }
      } else {
        guard isLetter(byte) || isDigit(byte) || "-._~!$&'()*+,;=:@/?".utf8.contains(byte) else {
          let character = Character(UnicodeScalar(byte))
          throw .badURL(whole, "'\(character)' must be percent-encoded")
        }
      }
    }
  }

  /// RFC 3986, section 5.2.4, for a path that is empty or begins with `/`.
  private static func removingDots(_ path: String) -> String {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    var kept: [Substring] = []
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      switch segment {
      case ".": if isLast { kept.append("") }
      case "..":
        _ = kept.popLast()
        if isLast { kept.append("") }
      default: kept.append(segment)
      }
    }
    return "/" + kept.joined(separator: "/")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}

extension OriginURL: CustomStringConvertible {
  /// The URL as it is asked for.
  package var description: String {
    "\(origin)\(path)" + (query.map { "?\($0)" } ?? "")
  }
}

extension UInt8 {
  /// Two hexadecimal digits; nil for anything else.
  fileprivate init?(hexDigits digits: Substring.UTF8View) {
    guard digits.count == 2,
      let bytes = Hex.decode(Substring(digits)), let byte = bytes.first
    else { return nil }
    self = byte
  }
}
