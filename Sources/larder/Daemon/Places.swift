import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// Where a user's daemon keeps its store, and where it listens.
///
/// Clients look for sockets in the order of docs/protocol.md. In a session without
/// `XDG_RUNTIME_DIR`, such as one in a container, this program has one place more than that: a
/// folder beside the user's store.
struct Places {
  /// The process's environment; empty values count as unset.
  let environment: [String: String]
  /// Whether something is at a path.
  let exists: (FilePath) -> Bool

  /// Those of this process.
  static func current() -> Places {
    Places(environment: ProcessEnvironment.current()) { access($0.string, F_OK) == 0 }
  }

  /// The folder of everything that is kept for this user.
  ///
  /// - Throws: `badRequest` if neither `XDG_DATA_HOME` nor `HOME` says where.
  func dataFolder() throws(ClientError) -> FilePath {
    if let data = value("XDG_DATA_HOME") { return FilePath(data).appending("larder") }
    guard let home = value("HOME") else {
      throw .usage(
        "cannot tell where this user's data is kept: neither XDG_DATA_HOME nor HOME is set",
        remedy: "set one of them, or give --store and --socket")
    }
    return FilePath(home).appending(".local").appending("share").appending("larder")
  }

  /// Where `larder up` keeps the store unless it is told.
  func store() throws(ClientError) -> FilePath { try dataFolder().appending("store") }

  /// Where `larder up` lets the daemon listen.
  func listeningSocket(named option: String?) throws(ClientError) -> FilePath {
    if let option { return FilePath(option) }
    if let named = value("LARDER_SOCKET") { return FilePath(named) }
    if let runtime = value("XDG_RUNTIME_DIR") {
      return SocketPath.user(runtimeDirectory: FilePath(runtime))
    }
    return try socketBesideStore()
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
    case .path(let path):
      guard path == SocketPath.machine, value("LARDER_SOCKET") == nil,
        value("XDG_RUNTIME_DIR") == nil, value("XDG_DATA_HOME") ?? value("HOME") != nil
      else { return path.string }
      // With neither there, the user's place is the one to name and to start a daemon at.
      let beside = try socketBesideStore()
      return exists(beside) || !exists(path) ? beside.string : path.string
    }
  }

  /// Whether a host that knows only docs/protocol.md finds a daemon at `socket`.
  func isFound(_ socket: FilePath) -> Bool {
    SocketPath.discover(environment: environment, exists: exists) == .path(socket)
  }

  private func socketBesideStore() throws(ClientError) -> FilePath {
    try dataFolder().appending("run").appending("larder.sock")
  }

  private func value(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
