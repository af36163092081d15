import CPlatform
import Glibc
package import SystemPackage

/// A listening Unix socket; unlinks its path at the end of its life, if that is still its own.
package struct SocketListener: ~Copyable, Sendable {
  /// What came of an attempt to accept.
  package enum Accepted: ~Copyable, Sendable {
    case connection(SocketDescriptor)
    /// Nobody waits.
    case none
    /// This process has no descriptor or the kernel no memory left: the connection stays in the
    /// queue, and asking again at once would find the same.
    case exhausted(SystemCallError)
  }

  /// Connections that wait to be accepted; who comes then waits in connect(2). The loop takes them
  /// within milliseconds.
  package static let backlogMax: Int32 = 256

  /// Where it listens.
  package let path: FilePath
  private let socket: SocketDescriptor
  private let device: dev_t
  private let inode: ino_t

  /// The number for epoll; stays owned here.
  package var rawValue: Int32 { socket.rawValue }

  /// Listens at `path`, non-blocking, mode 0600, or 0666 where other users are admitted: whoever
  /// accepts then looks at the peer's credentials.
  ///
  /// A socket file on which nobody answers is left over and replaced. Two daemons that start at
  /// the same time are told apart by their stores' locks, not here.
  ///
  /// - Throws: `EADDRINUSE` if somebody answers there, or the path is something other than a
  ///   socket; `EPERM` if the folder is not this user's own with mode 0700 (where other users are
  ///   admitted: one that only this user writes to), or one that only root writes to.
  package init(listeningAt path: FilePath, isShared: Bool = false) throws(SystemCallError) {
    try SocketListener.checkFolder(of: path, isShared: isShared)
    try SocketListener.clear(path)
    let address = try SocketAddress(path)
    let socket = try SocketDescriptor.make(for: path)
    guard address.withPointer({ bind(socket.rawValue, $0, $1) }) == 0 else {
      throw .last("bind", on: path.string)
    }
    // Nobody can connect before listen: no moment has wider rights than wanted.
    guard chmod(path.string, isShared ? 0o666 : 0o600) == 0 else {
      throw .last("chmod", on: path.string)
    }
    var status = stat()
    guard lstat(path.string, &status) == 0 else { throw .last("lstat", on: path.string) }
    guard listen(socket.rawValue, SocketListener.backlogMax) == 0 else {
      throw .last("listen", on: path.string)
    }
    try socket.setNonBlocking()
    self.path = path
    self.socket = socket
    device = status.st_dev
    inode = status.st_ino
  }

  deinit {
    var status = stat()
    // Another daemon may have taken the path since: its socket is not ours to remove.
    if lstat(path.string, &status) == 0, status.st_dev == device, status.st_ino == inode {
      unlink(path.string)
    }
  }

  /// Takes the next connection, non-blocking; does not wait for one.
  package borrowing func accept() throws(SystemCallError) -> Accepted {
    while true {
      let descriptor = larder_accept(socket.rawValue)
      if descriptor >= 0 { return .connection(SocketDescriptor(owning: descriptor)) }
      switch errno {
      case EINTR, ECONNABORTED: continue
      case EAGAIN: return .none
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted(.last("accept", on: path.string))
      default: throw .last("accept", on: path.string)
      }
    }
  }

  /// For whoever listens at `path` by other means: removes a socket on which nobody answers.
  ///
  /// - Throws: as `init`.
  package static func prepare(_ path: FilePath) throws(SystemCallError) {
    try checkFolder(of: path, isShared: false)
    try clear(path)
  }

  private static func checkFolder(of path: FilePath, isShared: Bool) throws(SystemCallError) {
    let folder = path.removingLastComponent()
    let name = folder.isEmpty ? "." : folder.string
    var status = stat()
    guard stat(name, &status) == 0 else { throw .last("stat", on: name) }
    let isOwn = status.st_uid == geteuid() && status.st_mode & (isShared ? 0o022 : 0o077) == 0
    // A machine's socket in /run/larder: others may look in, only root may change it.
    let isRoots = status.st_uid == 0 && geteuid() == 0 && status.st_mode & 0o022 == 0
    guard isOwn || isRoots else {
      throw SystemCallError(call: "bind", errno: .notPermitted, object: name)
    }
  }

  private static func clear(_ path: FilePath) throws(SystemCallError) {
    var status = stat()
    guard lstat(path.string, &status) == 0 else {
      if errno == ENOENT { return }
      throw .last("lstat", on: path.string)
    }
    let inUse = SystemCallError(call: "bind", errno: .addressInUse, object: path.string)
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw inUse }
    do {
      _ = try SocketDescriptor.connect(to: path)
    } catch {
      guard error.errno == .connectionRefused else { throw error }
      guard unlink(path.string) == 0 || errno == ENOENT else {
        throw .last("unlink", on: path.string)
      }
      return
    }
    throw inUse
  }
}
