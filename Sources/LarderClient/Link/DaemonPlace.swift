import LarderPlatform
import SystemPackage

/// Where a client looks for its daemon, each time it connects.
enum DaemonPlace: Sendable {
  /// `LARDER=off`.
  case off
  case environment([String: String])
  case path(String)

  init(environment: [String: String]) {
    self =
      SocketPath.discover(environment: environment, exists: { _ in true }) == .off
      ? .off : .environment(environment)
  }

  /// The socket's path.
  ///
  /// - Throws: `noDaemon` with `LARDER=off`.
  func path() throws(ClientError) -> String {
    switch self {
    case .off: throw ClientError.off
    case .path(let path): return path
    case .environment(let environment):
      switch SocketPath.discover(environment: environment) {
      case .off: throw ClientError.off
      case .path(let path): return path.string
      }
    }
  }
}
