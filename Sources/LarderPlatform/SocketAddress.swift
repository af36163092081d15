import Glibc
package import SystemPackage

/// A path as the address of a Unix socket, unix(7).
struct SocketAddress {
  private var address: sockaddr_un
  private let length: socklen_t

  /// - Throws: `ENAMETOOLONG` for more than 107 bytes, the kernel's limit; `EINVAL` for none.
  init(_ path: FilePath) throws(SystemCallError) {
    address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.string.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard !bytes.isEmpty else {
      throw SystemCallError(call: "connect", errno: .invalidArgument, object: path.string)
    }
    guard bytes.count <= room else {
      throw SystemCallError(call: "connect", errno: .fileNameTooLong, object: path.string)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    length = socklen_t(MemoryLayout<sockaddr_un>.size)
  }

  /// Lends the address to bind(2) or connect(2).
  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }
}

extension SocketDescriptor {
  /// Connects to the Unix socket at `path`.
  ///
  /// - Parameter waits: whether to wait while more connections wait to be accepted there than there
  ///   is room for; the result is blocking then, and non-blocking otherwise.
  /// - Throws: `ENOENT` where there is none, `ECONNREFUSED` where nobody listens on it, `EAGAIN`
  ///   where it would have to wait.
  package static func connect(
    to path: FilePath, waits: Bool = true
  ) throws(SystemCallError) -> SocketDescriptor {
    let address = try SocketAddress(path)
    let socket = try SocketDescriptor.make(for: path)
    if !waits { try socket.setNonBlocking() }
    while true {
      let status = address.withPointer { Glibc.connect(socket.rawValue, $0, $1) }
      if status == 0 { return socket }
      if errno != EINTR { throw .last("connect", on: path.string) }
    }
  }

  static func make(for path: FilePath) throws(SystemCallError) -> SocketDescriptor {
    let rawValue = socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard rawValue >= 0 else { throw .last("socket", on: path.string) }
    return SocketDescriptor(owning: rawValue)
  }
}
