import Glibc
import SystemPackage

extension SocketPath {
  /// Decides by environment and by which sockets exist in the file system.
  package static func discover(environment: [String: String]) -> SocketPath {
    discover(environment: environment) { access($0.string, F_OK) == 0 }
  }
}
