import Foundation
import LarderCore
import LarderPlatform
import LarderWire
import SystemPackage

/// A socket between clients and a daemon that counts the frames of both directions.
final class FrameProxy: Sendable {
  struct Counts: Sendable, Equatable {
    /// Frames from clients, by verb.
    var requests: [Verb: Int] = [:]
    /// Frames from the daemon.
    var replies: [Verb: Int] = [:]

    var total: Int { requests.values.reduce(0, +) + replies.values.reduce(0, +) }
  }

  let socket: String
  private let listener: SocketListener
  private let daemon: String
  private let state = Locked((counts: Counts(), hasStopped: false))

  /// Listens at `path` until it is stopped.
  init(at path: String, to daemon: String) throws {
    socket = path
    self.daemon = daemon
    listener = try SocketListener(listeningAt: FilePath(path))
    Thread.detachNewThread { [self] in accept() }
  }

  /// What has passed so far.
  var counts: Counts { state.withLock(\.counts) }

  func stop() {
    state.withLock { $0.hasStopped = true }
    // Wakes who waits for a connection; what listens no longer needs no waking.
    _ = try? SocketDescriptor.connect(to: FilePath(socket))
  }

  private func accept() {
    while true {
      var waiting = pollfd(fd: listener.rawValue, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, -1) >= 0 || errno == EINTR else { return }
      if state.withLock(\.hasStopped) { return }
      do {
        switch try listener.accept() {
        case .connection(let client):
          serve(Link(client: client, daemon: try SocketDescriptor.connect(to: FilePath(daemon))))
        default: continue
        }
      } catch {
        // A client that is not served says so itself.
        continue
      }
    }
  }

  private func serve(_ link: Link) {
    Thread.detachNewThread { [self] in
      link.pump(toDaemon: true) { verb in
        state.withLock { $0.counts.requests[verb, default: 0] += 1 }
      }
    }
    Thread.detachNewThread { [self] in
      link.pump(toDaemon: false) { verb in
        state.withLock { $0.counts.replies[verb, default: 0] += 1 }
      }
    }
  }
}

/// A client's connection and the daemon's that stands for it.
private final class Link: Sendable {
  private let client: SocketDescriptor
  private let daemon: SocketDescriptor

  init(client: consuming SocketDescriptor, daemon: consuming SocketDescriptor) {
    self.client = client
    self.daemon = daemon
  }

  /// Passes bytes on until their end; `count` gets the verb of each frame that passes.
  func pump(toDaemon: Bool, count: (Verb) -> Void) {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    var held: [UInt8] = []
    while let size = try? read(&piece, fromClient: toDaemon), size > 0 {
      held += piece[..<size]
      while let header = held.withUnsafeBytes({ FrameHeader(reading: $0) }),
        held.count >= FrameHeader.byteCount + Int(header.length)
      {
        if let verb = Verb(rawValue: header.kind) { count(verb) }
        held.removeFirst(FrameHeader.byteCount + Int(header.length))
      }
      guard (try? write(piece[..<size], toDaemon: toDaemon)) != nil else { break }
    }
    if toDaemon { daemon.shutdownWriting() } else { client.shutdownWriting() }
  }

  /// How many bytes came; 0 at the end.
  private func read(_ piece: inout [UInt8], fromClient: Bool) throws -> Int {
    while true {
      let transfer = try piece.withUnsafeMutableBytes {
        try fromClient ? client.read(into: $0) : daemon.read(into: $0)
      }
      switch transfer {
      case .bytes(let count): return count
      case .ended: return 0
      case .wouldBlock: _ = try client.wait(toRead: true, timeoutMilliseconds: -1)
      }
    }
  }

  private func write(_ bytes: ArraySlice<UInt8>, toDaemon: Bool) throws {
    var rest = bytes
    while !rest.isEmpty {
      let transfer = try rest.withUnsafeBytes { try toDaemon ? daemon.write($0) : client.write($0) }
      switch transfer {
      case .bytes(let count): rest = rest.dropFirst(count)
      case .ended: throw POSIXError(.EPIPE)
      case .wouldBlock: _ = try client.wait(toRead: false, timeoutMilliseconds: -1)
      }
    }
  }
}
