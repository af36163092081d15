import Foundation
import LarderCore
import LarderMessages
import LarderPlatform
import LarderWire
import SystemPackage
import Testing

/// A client that sends any bytes at all and shows what comes back.
final class RawClient {
  struct Reply: Equatable {
    var kind: UInt8
    var flags: FrameFlags
    var id: UInt64
    var body: [UInt8]

    /// The code of an ERROR.
    var code: String? {
      guard flags.contains(.error) else { return nil }
      return try? JSONDecoder().decode(ErrorMessage.self, from: Data(body)).code
    }
  }

  private let socket: SocketDescriptor
  private var received: [UInt8] = []
  /// Descriptors that came, in their order; closed with the client.
  private(set) var descriptors: [Int32] = []

  deinit { closeDescriptors() }

  func closeDescriptors() {
    for descriptor in descriptors { close(descriptor) }
    descriptors = []
  }

  init(_ path: FilePath) throws {
    socket = try SocketDescriptor.connect(to: path)
    try socket.setNonBlocking()
  }

  /// Connects and shakes hands.
  static func ready(_ path: FilePath) throws -> RawClient {
    let client = try RawClient(path)
    try client.send(hello)
    _ = try #require(try client.receive())
    return client
  }

  static var hello: [UInt8] {
    request(.hello, id: 0, body: Array(#"{"protocol":[1,1],"client":"raw"}"#.utf8))
  }

  static func request(
    _ verb: Verb, _ flags: FrameFlags = [], id: UInt64, body: [UInt8] = []
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendFrame(verb, flags, id: id, body: body)
    return bytes
  }

  /// A GET of one blob.
  static func get(_ digest: Digest, as reply: ContentReply = .bytes, id: UInt64) -> [UInt8] {
    request(.get, id: id, body: GetBody([GetItem(digest)], as: reply).encode())
  }

  /// Writes all of `bytes`, waiting up to ten seconds for room.
  func send(_ bytes: [UInt8]) throws {
    #expect(try sendSome(bytes, patienceMilliseconds: 10_000) == bytes.count)
  }

  /// Writes until all is written or the daemon takes nothing for so long; returns how much it was.
  func sendSome(_ bytes: [UInt8], patienceMilliseconds: Int32) throws -> Int {
    var sent = 0
    while sent < bytes.count {
      let transfer = try bytes.withUnsafeBytes {
        try socket.write(UnsafeRawBufferPointer(rebasing: $0[sent...]))
      }
      switch transfer {
      case .bytes(let count): sent += count
      case .wouldBlock:
        guard try socket.wait(toRead: false, timeoutMilliseconds: patienceMilliseconds) else {
          return sent
        }
      case .ended: return sent
      }
    }
    return sent
  }

  /// Ends the client's direction alone.
  func finishSending() { socket.shutdownWriting() }

  /// The next frame; nil when the daemon closed the connection.
  func receive() throws -> Reply? {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      if let header = received.withUnsafeBytes({ FrameHeader(reading: $0) }),
        received.count >= FrameHeader.byteCount + Int(header.length)
      {
        let end = FrameHeader.byteCount + Int(header.length)
        let body = Array(received[FrameHeader.byteCount..<end])
        received.removeFirst(end)
        return Reply(kind: header.kind, flags: header.flags, id: header.requestID, body: body)
      }
      switch try piece.withUnsafeMutableBytes({ try socket.read(into: $0, adding: &descriptors) }) {
      case .bytes(let count): received += piece[..<count]
      case .ended: return nil
      case .wouldBlock:
        let isReady = try socket.wait(toRead: true, timeoutMilliseconds: 60_000)
        try #require(isReady, "the daemon did not answer for ten seconds")
      }
    }
  }
}
