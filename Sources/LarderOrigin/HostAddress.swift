/// An IP address, and which part of the net it belongs to.
package struct HostAddress: Hashable, Sendable {
  /// What an address is for (the IANA registries of special-purpose addresses).
  package enum Scope: String, Sendable, CaseIterable {
    case publicNet
    /// This machine.
    case loopback
    /// RFC 1918, RFC 6598 (carriers) and RFC 4193 (unique local).
    case privateNet
    /// This wire; where clouds keep the service that hands out a machine's credentials.
    case linkLocal
    /// No single host: unspecified, multicast, broadcast, reserved.
    case other
  }

  /// 4 or 16 bytes, in the order of the net.
  package let bytes: [UInt8]

  /// Four decimal numbers from 0 to 255 without leading zeros; nil for anything else.
  package init?(ipv4 text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      let digits = part.utf8
      guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
        digits.count == 1 || digits.first != UInt8(ascii: "0"), let byte = UInt8(part)
      else { return nil }
      bytes.append(byte)
    }
    self.bytes = bytes
  }

  /// RFC 4291, section 2.2, without a zone; nil for anything else.
  package init?(ipv6 text: String) {
    let halves = text.splitOnce("::")
    guard let head = Self.groups(halves.0, mayEndInIPv4: halves.1 == nil) else { return nil }
    guard let after = halves.1 else {
      guard head.count == 16 else { return nil }
      bytes = head
      return
    }
    guard let tail = Self.groups(after, mayEndInIPv4: true), head.count + tail.count <= 14 else {
      return nil
    }
    bytes = head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  /// A host name that is an address of either kind; nil if it is a name.
  package init?(_ host: String) {
    if let address = HostAddress(ipv4: host) ?? HostAddress(ipv6: host) {
      self = address
    } else {
      return nil
    }
  }

  /// Which part of the net it belongs to; one that stands for an IPv4 address counts as that.
  package var scope: Scope {
    bytes.count == 4 ? Self.scope(ipv4: bytes[...]) : scopeIPv6
  }

  private var scopeIPv6: Scope {
    let isZero = { (range: Range<Int>) in bytes[range].allSatisfy { $0 == 0 } }
    if isZero(0..<15) { return bytes[15] == 1 ? .loopback : .other }
    // Mapped (::ffff:0:0/96), compatible (::/96), translated (64:ff9b::/96) and 6to4 (2002::/16).
    if isZero(0..<10), bytes[10] == 0xff, bytes[11] == 0xff {
      return Self.scope(ipv4: bytes[12...])
    }
    if isZero(0..<12) { return Self.scope(ipv4: bytes[12...]) }
    if Array(bytes[0..<4]) == [0, 0x64, 0xff, 0x9b] { return Self.scope(ipv4: bytes[12...]) }
    if bytes[0] == 0x20, bytes[1] == 0x02 { return Self.scope(ipv4: bytes[2..<6]) }
    // The metadata service of one large cloud has a unique local address.
    if bytes == [0xfd, 0, 0x0e, 0xc2] + Array(repeating: 0, count: 10) + [0x02, 0x54] {
      return .linkLocal
    }
    switch (bytes[0], bytes[1]) {
    case (0xfe, 0x80...0xbf): return .linkLocal
    case (0xfe, 0xc0...0xff), (0xfc...0xfd, _): return .privateNet
    case (0xff, _): return .other
    default: return .publicNet
    }
  }

  private static func scope(ipv4 slice: ArraySlice<UInt8>) -> Scope {
    let bytes = Array(slice)
    return switch (bytes[0], bytes[1]) {
    case (0, _), (224...255, _): .other
    case (127, _): .loopback
    case (10, _), (172, 16...31), (192, 168), (100, 64...127): .privateNet
    case (169, 254): .linkLocal
    default: .publicNet
    }
  }

  private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if mayEndInIPv4, index == parts.count - 1, let ipv4 = HostAddress(ipv4: String(part)) {
        bytes += ipv4.bytes
        continue
      }
      guard (1...4).contains(part.utf8.count),
        part.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
        let value = UInt16(part, radix: 16)
      else { return nil }
      bytes += [UInt8(value >> 8), UInt8(value & 0xff)]
    }
    return bytes.count <= 16 ? bytes : nil
  }
}

extension String {
  /// What stands before and after the first `separator`; the second is nil if there is none.
  func splitOnce(_ separator: String) -> (Substring, Substring?) {
    guard let range = firstRange(of: separator) else { return (self[...], nil) }
    return (self[..<range.lowerBound], self[range.upperBound...])
  }
}
