import Foundation
import LarderCore
import LarderPlatform
import LarderWire
import SystemPackage
import Testing

@testable import LarderClient

/// A daemon that does with each of its connections what the test says, in a folder of its own.
final class ScriptedDaemon: Sendable {
  let path: String
  /// Removed at the end.
  private let folder: FilePath?
  private let state = Locked((isOver: false, connections: 0, failures: [String]()))

  /// - Parameter serve: gets each connection, greeted, and its number from 0; runs on a thread of
  ///   its own. The connection is closed when it returns.
  init(
    at path: String? = nil, greets: Bool = true,
    _ serve: @escaping @Sendable (ScriptedPeer, Int) throws -> Void
  ) throws {
    if let path {
      folder = nil
      self.path = path
    } else {
      let folder = FilePath(NSTemporaryDirectory())
        .appending("larder-\(UUID().uuidString.prefix(8))")
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      self.folder = folder
      self.path = folder.appending("s").string
    }
    let listener = Listener(try SocketListener(listeningAt: FilePath(self.path)))
    Thread.detachNewThread { [self] in
      listener.acceptAll(until: { self.state.withLock(\.isOver) }) { peer in
        let number = self.state.withLock { state in
          defer { state.connections += 1 }
          return state.connections
        }
        Thread.detachNewThread { [self] in
          do {
            if greets { try peer.greet() }
            try serve(peer, number)
          } catch {
            state.withLock { $0.failures.append("\(error)") }
          }
          peer.shutdown()
        }
      }
    }
  }

  /// Connections so far.
  var connections: Int { state.withLock(\.connections) }

  /// What scripts have failed with.
  var failures: [String] { state.withLock(\.failures) }

  /// Listens no more.
  func stop() {
    state.withLock { $0.isOver = true }
    // Wakes who waits for a connection.
    _ = try? SocketDescriptor.connect(to: FilePath(path))
  }

  deinit {
    // What cannot be removed stays in the system's temporary folder.
    if let folder { try? FileManager.default.removeItem(atPath: folder.string) }
  }

  /// A client that waits a minute at most: what is never answered fails a test, and does not hang
  /// it.
  func client(
    _ change: (inout LarderClient.Options) -> Void = { _ in }
  ) -> LarderClient {
    var options = LarderClient.Options(name: "test")
    options.readsWithoutDaemon = .failure
    options.connectTimeout = .seconds(60)
    options.readTimeout = .seconds(60)
    options.replyTimeout = .seconds(60)
    options.contentPauseMax = .seconds(600)
    options.reconnectPauseMax = .milliseconds(5)
    change(&options)
    return LarderClient(socketPath: path, options: options)
  }
}

private final class Listener: Sendable {
  private let listener: SocketListener

  init(_ listener: consuming SocketListener) { self.listener = listener }

  func acceptAll(until isOver: () -> Bool, _ body: (ScriptedPeer) -> Void) {
    while true {
      var waiting = pollfd(fd: listener.rawValue, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, -1) >= 0 || errno == EINTR else { return }
      if isOver() { return }
      guard case .connection(let socket)? = try? listener.accept() else { continue }
      body(ScriptedPeer(socket))
    }
  }
}

/// A client, as its daemon sees it.
final class ScriptedPeer: Sendable {
  struct Frame: Equatable {
    var verb: Verb?
    var flags: FrameFlags
    var id: UInt64
    var body: [UInt8]

    /// The digests of a GET.
    var digests: [LarderCore.Digest] {
      get throws { try body.withUnsafeBytes { try GetBody(decoding: $0).items.map(\.digest) } }
    }
  }

  struct Ended: Error {}

  private let socket: SocketDescriptor
  private let unread = Locked<[UInt8]>([])

  init(_ socket: consuming SocketDescriptor) { self.socket = socket }

  func shutdown() { socket.shutdownBoth() }

  func shutdownWriting() { socket.shutdownWriting() }

  /// Answers HELLO.
  func greet() throws {
    let hello = try receive()
    try reply(
      to: hello, .reply,
      Array(
        """
        {"protocol":1,"server":"scripted","realm":"default","capabilities":["bytes","places"],\
        "limits":{"frameBodyMax":4194304,"requestsInFlightMax":64,"digestsMax":10000,\
        "blobSizeMax":1073741824,"sessionsMax":64,"slabsMax":256,"descriptorsPerFrameMax":64}}
        """.utf8))
  }

  /// The next frame.
  ///
  /// - Throws: `Ended` where there is none.
  func receive() throws -> Frame {
    guard let frame = try next() else { throw Ended() }
    return frame
  }

  /// The next frame; nil at the end.
  func next() throws -> Frame? {
    while true {
      let frame = unread.withLock { bytes -> Frame? in
        guard let header = bytes.withUnsafeBytes({ FrameHeader(reading: $0) }) else { return nil }
        let end = FrameHeader.byteCount + Int(header.length)
        guard bytes.count >= end else { return nil }
        let body = Array(bytes[FrameHeader.byteCount..<end])
        bytes.removeFirst(end)
        return Frame(
          verb: Verb(rawValue: header.kind), flags: header.flags, id: header.requestID, body: body)
      }
      if let frame { return frame }
      var piece = [UInt8](repeating: 0, count: 64 << 10)
      switch try piece.withUnsafeMutableBytes({ try socket.read(into: $0) }) {
      case .bytes(let count): unread.withLock { $0 += piece[..<count] }
      case .ended: return nil
      case .wouldBlock: _ = try socket.wait(toRead: true, timeoutMilliseconds: 60_000)
      }
    }
  }

  func reply(to frame: Frame, _ flags: FrameFlags, _ body: [UInt8]) throws {
    try send(Self.bytes(to: frame, flags, body))
  }

  /// An ERROR.
  func refuse(_ frame: Frame, _ code: ErrorCode) throws {
    try reply(
      to: frame, [.reply, .error],
      Array(#"{"code":"\#(code.rawValue)","message":"scripted"}"#.utf8))
  }

  /// Answers a GET of one blob with bytes.
  func answer(_ get: Frame, _ content: [UInt8]) throws {
    var body: [UInt8] = []
    GetItemHead(item: 0, status: .found, blobSize: Int64(content.count)).append(to: &body)
    try reply(to: get, [.reply, .data], body + content)
  }

  static func bytes(to frame: Frame, _ flags: FrameFlags, _ body: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    FrameHeader(
      kind: frame.verb?.rawValue ?? 0, flags: flags, requestID: frame.id, length: body.count
    ).append(to: &bytes)
    return bytes + body
  }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      switch try rest.withUnsafeBytes({ try socket.write($0) }) {
      case .bytes(let count): rest = rest.dropFirst(count)
      case .ended: throw Ended()
      case .wouldBlock: _ = try socket.wait(toRead: false, timeoutMilliseconds: 60_000)
      }
    }
  }

  /// As `send`, with descriptors, 253 at most, which stay open here: without the bounds of
  /// `SocketDescriptor`, so that more can come than a client has room for.
  func send(_ bytes: [UInt8], with descriptors: [Int32]) throws {
    // A cmsghdr is its length (u64), level and type (i32 each), then the descriptors.
    let length = 16 + descriptors.count * 4
    var control = [UInt8](repeating: 0, count: (length + 7) / 8 * 8)
    let sent = control.withUnsafeMutableBytes { control in
      control.storeBytes(of: UInt64(length), as: UInt64.self)
      control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
      control.storeBytes(of: 1, toByteOffset: 12, as: Int32.self)  // SCM_RIGHTS
      descriptors.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: control[16...]).copyMemory(from: $0)
      }
      return bytes.withUnsafeBytes { bytes in
        var vector = iovec(
          iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
        return withUnsafeMutablePointer(to: &vector) { vector in
          var message = msghdr()
          message.msg_iov = vector
          message.msg_iovlen = 1
          message.msg_control = control.baseAddress
          message.msg_controllen = control.count
          return sendmsg(socket.rawValue, &message, Int32(MSG_NOSIGNAL))
        }
      }
    }
    guard sent == bytes.count else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
  }
}

/// A clock that only tests move.
final class HandClock: Sendable {
  private let time = Locked(ContinuousClock.now)

  var now: @Sendable () -> ContinuousClock.Instant { { [self] in time.withLock { $0 } } }

  /// Moves it, and lets the client look.
  func pass(_ duration: Duration, for client: LarderClient) {
    time.withLock { $0 += duration }
    client.checkDeadlines()
  }
}

/// Something that is waited for until it is opened, for ever after.
final class Gate: Sendable {
  private let latch = Latch()
  private let isOpen = Locked(false)

  func open() {
    isOpen.withLock { $0 = true }
    latch.open()
  }

  /// For threads.
  func wait() { latch.wait() }

  /// For tasks; a gate that stays closed fails the test.
  func opened() async { #expect(await settle { self.isOpen.withLock { $0 } }) }
}

/// Returns once `condition` holds, or after a minute.
@discardableResult
func settle(_ condition: () async throws -> Bool) async rethrows -> Bool {
  let end = ContinuousClock.now + .seconds(60)
  while try await !condition() {
    if ContinuousClock.now > end { return false }
    await Task.yield()
  }
  return true
}

/// A digest that is told from others by `number`.
func digest(_ number: Int) -> BlobDigest {
  var bytes = [UInt8](repeating: 0, count: 32)
  bytes[0] = UInt8(number & 0xff)
  bytes[1] = UInt8(number >> 8)
  return BlobDigest(bytes.withUnsafeBytes { Digest(copying: $0) })
}
