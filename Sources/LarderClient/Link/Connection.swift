import LarderMessages
import LarderPlatform
import LarderWire
import SystemPackage

/// One connected socket: the bytes that came and were not used, the slabs that it holds, and which
/// of its requests are open. Of one thread, non-blocking; closed with its last reference.
///
/// What it throws ends it: the owner gives it up.
final class Connection {
  /// What came of an attempt to read.
  enum Input {
    case bytes, nothing, ended
  }

  /// Where the daemon listens.
  let path: String
  private(set) var slabs = SlabTable()
  private let socket: SocketDescriptor
  private var buffer = FrameBuffer()
  private var state = ClientConnectionState()
  /// Bytes that the frame at the front takes.
  private var wanted = FrameHeader.byteCount

  /// Connects.
  ///
  /// - Parameter waits: whether to wait where a daemon has more connections to accept than it has
  ///   places for; it is an error otherwise.
  /// - Throws: `noDaemon` where nobody listens.
  init(to path: String, waits: Bool) throws(ClientError) {
    do {
      socket = try SocketDescriptor.connect(to: FilePath(path), waits: waits)
      try socket.setNonBlocking()
    } catch {
      throw ClientError(noDaemonAt: path, because: error)
    }
    self.path = path
  }

  /// For epoll; stays owned here.
  var rawValue: Int32 { socket.rawValue }

  /// Whether a further request may be begun.
  var canBegin: Bool { state.canBegin }

  /// Opens a request and returns its id.
  ///
  /// - Precondition: `canBegin`.
  func begin(_ verb: Verb) -> UInt64 { state.begin(verb) }

  /// Reads once.
  func read() throws(ClientError) -> Input {
    let space = buffer.space(toHold: wanted)
    do throws(SystemCallError) {
      switch try socket.read(into: space, adding: &slabs.descriptors) {
      case .bytes(let count):
        buffer.append(filled: count)
        return .bytes
      case .wouldBlock: return .nothing
      case .ended: return .ended
      }
    } catch { throw ClientError(error) }
  }

  /// Lends the frame at the front of what was read, and drops it; maps the slabs that come in
  /// between.
  ///
  /// - Returns: false where more has to be read first.
  /// - Throws: what `body` throws; the daemon's last word about the connection; `malformedReply`.
  func takeFrame(
    _ body: (ReplyFrame, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) -> Bool {
    while true {
      switch state.next(in: buffer.unread) {
      case .needs(let count):
        wanted = count
        return false
      case .frame(let frame, let consumed):
        defer { buffer.consume(consumed) }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer.unread[frame.body])
        if frame.isSlabs, !frame.isError, !frame.isLast {
          do { try slabs.take(bytes) } catch { throw ClientError(error) }
          continue
        }
        try body(frame, bytes)
        return true
      case .connectionError(let body):
        throw ClientError(decoding: UnsafeRawBufferPointer(rebasing: buffer.unread[body]))
      case .violation(let error):
        throw ClientError(error)
      }
    }
  }

  /// Writes a part of `bytes`.
  ///
  /// - Returns: how many bytes; 0 where none can be taken now, nil where the daemon takes no more.
  func write(_ bytes: UnsafeRawBufferPointer) throws(ClientError) -> Int? {
    do throws(SystemCallError) {
      switch try socket.write(bytes) {
      case .bytes(let count): return count
      case .wouldBlock: return 0
      case .ended: return nil
      }
    } catch { throw ClientError(error) }
  }

  /// Blocks until it can go on, at most `timeoutMilliseconds`, -1 for ever; false if the time
  /// passed.
  func wait(toRead: Bool, timeoutMilliseconds: Int32) throws(ClientError) -> Bool {
    do throws(SystemCallError) {
      return try socket.wait(toRead: toRead, timeoutMilliseconds: timeoutMilliseconds)
    } catch { throw ClientError(error) }
  }

  /// Whether something was read that is not used yet.
  var hasUnused: Bool { buffer.count > 0 }

  /// Gives back what the buffer grew, once nothing is under way.
  func rest() { buffer.shrink() }

  /// The slabs to give back now; see `SlabTable`.
  func beginDrop(all: Bool) -> [UInt64] { slabs.beginDrop(all: all) }

  /// Forgets slabs that the daemon has taken back.
  func endDrop(_ dropped: [UInt64]) { slabs.endDrop(dropped) }

  /// Ends it both ways: the daemon ends what it had begun as soon as it reads the end.
  func shutdown() { socket.shutdownBoth() }
}
