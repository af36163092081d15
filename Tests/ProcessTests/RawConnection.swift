import Glibc
import LarderPlatform
import LarderWire
import SystemPackage
import Testing

/// One connection that sends any bytes at all and counts what comes back.
final class RawConnection {
  private let socket: SocketDescriptor
  private var received: [UInt8] = []
  private var descriptors: [Int32] = []
  private var piece = [UInt8](repeating: 0, count: 64 << 10)

  init(_ path: String) throws { socket = try SocketDescriptor.connect(to: FilePath(path)) }

  deinit { for descriptor in descriptors { close(descriptor) } }

  /// Writes all of `bytes`, unless the daemon has closed the connection.
  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard case .bytes(let count) = try rest.withUnsafeBytes({ try socket.write($0) }) else {
        return
      }
      rest = rest.dropFirst(count)
    }
  }

  /// The bodies of the last frames of `count` replies.
  func replies(_ count: Int) throws -> [[UInt8]] {
    var bodies: [[UInt8]] = []
    while bodies.count < count {
      let frame = try #require(try self.frame(), "the daemon closed the connection")
      if !frame.flags.contains(.more) { bodies.append(frame.body) }
    }
    return bodies
  }

  /// Reads until the daemon closes.
  func readToEnd() throws { while try frame() != nil {} }

  private func frame() throws -> (flags: FrameFlags, body: [UInt8])? {
    while true {
      if let header = received.withUnsafeBytes({ FrameHeader(reading: $0) }),
        received.count >= FrameHeader.byteCount + Int(header.length)
      {
        let end = FrameHeader.byteCount + Int(header.length)
        defer { received.removeFirst(end) }
        return (header.flags, Array(received[FrameHeader.byteCount..<end]))
      }
      // A daemon that does not answer fails the test and does not hang it.
      try #require(try socket.wait(toRead: true, timeoutMilliseconds: 30_000), "no answer")
      let transfer = try piece.withUnsafeMutableBytes {
        try socket.read(into: $0, adding: &descriptors)
      }
      guard case .bytes(let count) = transfer else { return nil }
      received += piece[..<count]
    }
  }
}
