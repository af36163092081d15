package import SystemPackage

/// Where a client looks for the daemon (docs/protocol.md, Transport).
package enum SocketPath: Sendable, Hashable {
  /// `LARDER=off`: work without a daemon.
  case off
  /// The first place that is named.
  case path(FilePath)

  /// The machine's daemon.
  package static let machine = FilePath("/run/larder/larder.sock")

  /// The user's daemon: in the runtime directory of the user's session or, in a session that has
  /// none (a container, a service), beside the user's store. Nil if the environment names no place
  /// of the user at all.
  package static func user(environment: [String: String]) -> FilePath? {
    if let runtime = value("XDG_RUNTIME_DIR", in: environment) {
      return FilePath(runtime).appending("larder").appending("larder.sock")
    }
    return userData(environment: environment)?.appending("run").appending("larder.sock")
  }

  /// The folder of all that is kept for the user: `$XDG_DATA_HOME/larder`, else
  /// `~/.local/share/larder`; nil where neither `XDG_DATA_HOME` nor `HOME` is set.
  package static func userData(environment: [String: String]) -> FilePath? {
    if let data = value("XDG_DATA_HOME", in: environment) {
      return FilePath(data).appending("larder")
    }
    return value("HOME", in: environment).map {
      FilePath($0).appending(".local").appending("share").appending("larder")
    }
  }

  /// Decides by environment and by which sockets exist; connects to none.
  ///
  /// - Parameters:
  ///   - environment: `LARDER`, `LARDER_SOCKET`, `XDG_RUNTIME_DIR`, `XDG_DATA_HOME` and `HOME` are
  ///     read; empty values count as unset.
  ///   - exists: whether something is at a path.
  package static func discover(
    environment: [String: String], exists: (FilePath) -> Bool
  ) -> SocketPath {
    if environment["LARDER"] == "off" { return .off }
    if let named = value("LARDER_SOCKET", in: environment) { return .path(FilePath(named)) }
    if let user = user(environment: environment) {
      // With neither there, the user's place is the one to name and to start a daemon at.
      if exists(user) || !exists(machine) { return .path(user) }
    }
    return .path(machine)
  }

  private static func value(_ name: String, in environment: [String: String]) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
