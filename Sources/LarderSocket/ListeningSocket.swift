import LarderPlatform
import LarderService
import SystemPackage

/// A socket and the realm that it leads to.
final class ListeningSocket: Sendable {
  let capability: RealmCapability
  let listener: SocketListener

  init(_ endpoint: SocketServer.Endpoint) throws(SystemCallError) {
    capability = endpoint.capability
    listener = try SocketListener(listeningAt: endpoint.path)
  }
}
