/// Where the gateway listens: a port of this machine, or a Unix socket.
package enum GatewayAddress: Hashable, Sendable, CustomStringConvertible {
  /// A numeric address, without brackets, and a port; 0 for one that is free.
  case port(host: String, Int)
  /// A path; its folder exists.
  case socket(path: String)

  /// `127.0.0.1:7717`, `[::1]:7717`, `localhost:7717` for IPv4's loopback, a port alone for the same,
  /// or a path that begins with `/`. Nil for anything else, other names among it: what they lead to
  /// is not this machine's to say.
  package init?(_ text: String) {
    if text.hasPrefix("/") {
      // sockaddr_un(7) has 108 bytes, with a zero at the end.
      guard text.utf8.count <= 107 else { return nil }
      self = .socket(path: text)
      return
    }
    let colon = text.lastIndex(of: ":")
    guard let port = Int(text[(colon.map { text.index(after: $0) } ?? text.startIndex)...]),
      (0...65_535).contains(port)
    else { return nil }
    let host = colon.map { String(text[..<$0]) } ?? "localhost"
    if host == "localhost" {
      self = .port(host: "127.0.0.1", port)
    } else if host.hasPrefix("["), host.hasSuffix("]"), host.contains(":"),
      host.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
    {
      self = .port(host: String(host.dropFirst().dropLast()), port)
    } else if Self.isIPv4(host) {
      self = .port(host: host, port)
    } else {
      return nil
    }
  }

  /// Whether only processes of this machine reach it.
  package var isLocal: Bool {
    switch self {
    case .port(let host, _): host == "::1" || host.hasPrefix("127.")
    case .socket: true
    }
  }

  package var description: String {
    switch self {
    case .port(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .socket(let path): path
    }
  }

  private static func isIPv4(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { (1...3).contains($0.count) && UInt8($0) != nil && $0.first != "+" }
  }
}
