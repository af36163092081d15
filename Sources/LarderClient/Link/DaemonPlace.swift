import LarderPlatform
import SystemPackage

/// Where a client looks for its daemon, each time it connects.
enum DaemonPlace: Sendable {
  case environment([String: String])
  case path(String)

  /// The socket's path.
  ///
  /// - Throws: `noDaemon` with `LARDER=off`.
  func path() throws(ClientError) -> String {
    switch self {
    case .path(let path): return path
    case .environment(let environment):
      switch SocketPath.discover(environment: environment) {
      case .off: throw ClientError.off
      case .path(let path): return path.string
      }
    }
  }
}
