import Foundation
import Glibc

/// A TCP connection to a port of this machine that sends any bytes at all. Blocks.
final class RawConnection {
  struct Failed: Error {
    let call: String
    let errno: Int32
  }

  private let descriptor: Int32

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failed(call: "socket", errno: errno) }
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
    // A gateway that does not answer fails a test, and does not hang it.
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    // A sockaddr_in (ip(7)), by its bytes: several modules claim to define its members.
    let address: [UInt8] =
      withUnsafeBytes(of: sa_family_t(AF_INET), Array.init)
      + [UInt8(port >> 8), UInt8(truncatingIfNeeded: port), 127, 0, 0, 1]
      + Array(repeating: 0, count: 8)
    let result = address.withUnsafeBytes { bytes in
      connect(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), 16)
    }
    guard result == 0 else { throw Failed(call: "connect", errno: errno) }
  }

  deinit { close(descriptor) }

  /// Stops where the other side takes no more: what it said then is in `receiveAll`.
  func send(_ bytes: [UInt8]) {
    var place = 0
    while place < bytes.count {
      let sent = bytes[place...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return }
      place += sent
    }
  }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Everything until the other side closes.
  func receiveAll() throws -> [UInt8] {
    var received: [UInt8] = []
    while let piece = try receive() { received += piece }
    return received
  }

  /// What came next; nil at the end.
  func receive() throws -> [UInt8]? {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &piece, piece.count, 0)
    if count < 0, errno == ECONNRESET { return nil }
    guard count >= 0 else { throw Failed(call: "recv", errno: errno) }
    return count == 0 ? nil : Array(piece[..<count])
  }
}

extension RawConnection {
  /// Sends bytes as they are on a connection of their own, says that no more comes, and takes all that
  /// comes back.
  ///
  /// - Parameter cuts: places between which they are sent in pieces of their own.
  static func exchange(
    _ bytes: [UInt8], cuts: [Int] = [], isHead: Bool = false, port: UInt16
  ) async throws -> [RawReply] {
    try await blocking {
      let connection = try RawConnection(port: port)
      var start = 0
      for end in cuts.sorted() + [bytes.count] where end > start && end <= bytes.count {
        connection.send(Array(bytes[start..<end]))
        start = end
      }
      connection.endSending()
      return try RawReply.all(in: connection.receiveAll(), isHead: isHead)
    }
  }
}

/// An answer as it stood on the wire.
struct RawReply: Sendable, CustomStringConvertible {
  struct Malformed: Error {}

  let status: Int
  /// By lower-case name.
  let fields: [String: String]
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
  var description: String { "\(status) \(fields) \(text.prefix(200))" }

  /// - Parameter isHead: whether the answers have no bodies, whatever they say of them.
  static func all(in bytes: [UInt8], isHead: Bool) throws -> [RawReply] {
    var rest = bytes[...]
    var replies: [RawReply] = []
    while !rest.isEmpty {
      guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { throw Malformed() }
      let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
        .components(separatedBy: "\r\n")
      let words = lines[0].split(separator: " ")
      guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
        throw Malformed()
      }
      var fields: [String: String] = [:]
      for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { throw Malformed() }
        let name = line[..<colon].lowercased()
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        fields[name] = fields[name].map { "\($0), \(value)" } ?? value
      }
      rest = rest[end.upperBound...]
      let length = isHead || status == 304 ? 0 : fields["content-length"].flatMap(Int.init) ?? 0
      guard rest.count >= length else { throw Malformed() }
      replies.append(RawReply(status: status, fields: fields, body: Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return replies
  }
}
