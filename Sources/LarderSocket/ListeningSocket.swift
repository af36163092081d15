import LarderPlatform
import LarderService
import SystemPackage

/// A socket, and whom it admits.
final class ListeningSocket: Sendable {
  let admission: Admission
  let listener: SocketListener

  init(_ endpoint: SocketServer.Endpoint) throws(SystemCallError) {
    admission = endpoint.admission
    listener = try SocketListener(
      listeningAt: endpoint.path,
      isShared: admission.reaches(beyond: SocketServer.Endpoint.owners))
  }
}
