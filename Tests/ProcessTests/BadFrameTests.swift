import Foundation
import LarderClient
import LarderMessages
import LarderPlatform
import LarderWire
import SystemPackage
import Testing

/// Bytes that are no frames, or none of this protocol, sent to a daemon that others use meanwhile.
@Suite("Bad frames")
struct BadFrameTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let code: String
    var closes = true
  }

  static let hello = frame(1, body: Array(#"{"protocol":[1,1],"client":"raw"}"#.utf8))

  static let cases = [
    Case(
      testDescription: "noise of zeros", bytes: Array(repeating: 0, count: 64),
      code: "malformedFrame"),
    Case(
      testDescription: "reserved bytes that are set",
      bytes: hello + frame(2, reserved: 1), code: "malformedFrame"),
    Case(
      testDescription: "a flag without a meaning", bytes: hello + frame(2, flags: 0x80),
      code: "malformedFrame"),
    Case(
      testDescription: "a reply sent by a client", bytes: hello + frame(2, flags: 0x01),
      code: "malformedFrame"),
    Case(
      testDescription: "a body one byte above the limit",
      bytes: hello + header(6, length: 4_194_305), code: "frameTooLarge"),
    Case(
      testDescription: "a length of all ones", bytes: hello + header(6, length: .max),
      code: "frameTooLarge"),
    Case(
      testDescription: "a request before HELLO", bytes: frame(2), code: "protocolViolation"),
    Case(testDescription: "a second HELLO", bytes: hello + hello, code: "protocolViolation"),
    Case(
      testDescription: "a verb that nobody knows", bytes: hello + frame(200), code: "unknownVerb",
      closes: false),
    Case(
      testDescription: "JSON that is none", bytes: hello + frame(12, body: Array("{".utf8)),
      code: "badRequest", closes: false),
  ]

  @Test("are answered with their error, and others are served on", arguments: cases)
  func refused(_ bad: Case) async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      let bystander = try daemon.connect()
      let socket = try SocketDescriptor.connect(to: FilePath(daemon.socket))
      #expect(try bad.bytes.withUnsafeBytes { try socket.write($0) } == .bytes(bad.bytes.count))
      let replies = try Self.replies(socket) { $0.flags.contains(.error) }
      let error = try #require(replies.last, "the connection ended without a reply")
      let message = try JSONDecoder().decode(ErrorMessage.self, from: Data(error.body))
      #expect(message.code == bad.code && !message.message.isEmpty, "\(message)")
      try bystander.ping()
      let statistics: StatisticsMessage = try bystander.control(.stats)
      #expect(statistics.store.blobs == 0)
    }
  }

  @Test("a connection goes on after an error that is not about its frames")
  func goesOn() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      for bad in Self.cases {
        let socket = try SocketDescriptor.connect(to: FilePath(daemon.socket))
        let bytes = bad.bytes + Self.frame(2, id: 9, body: [7])
        #expect(try bytes.withUnsafeBytes { try socket.write($0) } == .bytes(bytes.count))
        let isEcho = { (reply: Reply) in reply.kind == 2 && reply.body == [7] }
        let answered = try Self.replies(socket, until: isEcho).contains(where: isEcho)
        #expect(answered == !bad.closes, "\(bad.testDescription)")
      }
    }
  }

  private struct Reply {
    let kind: UInt8
    let flags: FrameFlags
    let body: [UInt8]
  }

  /// All frames until one that `isLast`, or until the daemon closes.
  private static func replies(
    _ socket: borrowing SocketDescriptor, until isLast: (Reply) -> Bool
  ) throws -> [Reply] {
    var replies: [Reply] = []
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while case .bytes(let count) = try piece.withUnsafeMutableBytes({ try socket.read(into: $0) }) {
      bytes += piece[..<count]
      while let header = bytes.withUnsafeBytes({ FrameHeader(reading: $0) }),
        bytes.count >= FrameHeader.byteCount + Int(header.length)
      {
        let end = FrameHeader.byteCount + Int(header.length)
        let reply = Reply(
          kind: header.kind, flags: header.flags, body: Array(bytes[FrameHeader.byteCount..<end]))
        bytes.removeFirst(end)
        replies.append(reply)
        if isLast(reply) { return replies }
      }
    }
    return replies
  }

  /// Written out by hand: nothing of the code under test judges it.
  private static func header(
    _ kind: UInt8, flags: UInt8 = 0, reserved: UInt8 = 0, id: UInt8 = 1, length: UInt32
  ) -> [UInt8] {
    withUnsafeBytes(of: length.littleEndian) { Array($0) }
      + [kind, flags, reserved, 0, id, 0, 0, 0, 0, 0, 0, 0]
  }

  private static func frame(
    _ kind: UInt8, flags: UInt8 = 0, reserved: UInt8 = 0, id: UInt8 = 1, body: [UInt8] = []
  ) -> [UInt8] {
    header(kind, flags: flags, reserved: reserved, id: id, length: UInt32(body.count)) + body
  }
}
