package import SystemPackage

/// Where a client looks for the daemon (docs/protocol.md, Transport).
package enum SocketPath: Sendable, Hashable {
  /// `LARDER=off`: work without a daemon.
  case off
  /// The first place that is named.
  case path(FilePath)

  /// The machine's daemon.
  package static let machine = FilePath("/run/larder/larder.sock")

  /// The user's daemon, in a runtime directory.
  package static func user(runtimeDirectory: FilePath) -> FilePath {
    runtimeDirectory.appending("larder").appending("larder.sock")
  }

  /// Decides by environment and by which sockets exist; connects to none.
  ///
  /// - Parameters:
  ///   - environment: `LARDER`, `LARDER_SOCKET` and `XDG_RUNTIME_DIR` are read; empty values count
  ///     as unset.
  ///   - exists: whether something is at a path.
  package static func discover(
    environment: [String: String], exists: (FilePath) -> Bool
  ) -> SocketPath {
    if environment["LARDER"] == "off" { return .off }
    if let named = environment["LARDER_SOCKET"], !named.isEmpty { return .path(FilePath(named)) }
    if let runtime = environment["XDG_RUNTIME_DIR"], !runtime.isEmpty {
      let user = user(runtimeDirectory: FilePath(runtime))
      // With neither there, the user's place is the one to name and to start a daemon at.
      if exists(user) || !exists(machine) { return .path(user) }
    }
    return .path(machine)
  }
}
