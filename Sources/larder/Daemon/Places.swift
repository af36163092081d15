import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// Where a user's daemon keeps its store, and where it listens (docs/protocol.md, Transport).
struct Places {
  /// The process's environment; empty values count as unset.
  let environment: [String: String]
  /// Whether something is at a path.
  let exists: (FilePath) -> Bool

  /// Those of this process.
  static func current() -> Places {
    Places(environment: ProcessEnvironment.current()) { access($0.string, F_OK) == 0 }
  }

  /// Where `larder up` keeps the store unless it is told.
  ///
  /// - Throws: `badRequest` if neither `XDG_DATA_HOME` nor `HOME` says where.
  func store() throws(ClientError) -> FilePath {
    guard let data = SocketPath.userData(environment: environment) else {
      throw .usage(
        "cannot tell where this user's data is kept: neither XDG_DATA_HOME nor HOME is set",
        remedy: "set one of them, or give --store and --socket")
    }
    return data.appending("store")
  }

  /// Where `larder up` lets the daemon listen.
  func listeningSocket(named option: String?) throws(ClientError) -> FilePath {
    if let option { return FilePath(option) }
    if let named = environment["LARDER_SOCKET"], !named.isEmpty { return FilePath(named) }
    guard let user = SocketPath.user(environment: environment) else {
      throw .usage(
        "cannot tell where this user's socket is: neither XDG_RUNTIME_DIR nor HOME is set",
        remedy: "set one of them, or give --socket")
    }
    return user
  }

  /// Where commands look for a daemon.
  ///
  /// - Throws: `noDaemon` with `LARDER=off`, unless an option names a socket.
  func connectingSocket(named option: String?) throws(ClientError) -> String {
    if let option { return option }
    switch SocketPath.discover(environment: environment, exists: exists) {
    case .off:
      throw ClientError(
        code: .noDaemon, message: "LARDER=off says to work without a daemon",
        remedy: "unset LARDER, or name a socket with --socket")
    case .path(let path): return path.string
    }
  }

  /// Whether a host finds a daemon at `socket` by itself.
  func isFound(_ socket: FilePath) -> Bool {
    SocketPath.discover(environment: environment, exists: exists) == .path(socket)
  }
}
