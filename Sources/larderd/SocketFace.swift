import LarderPlatform
import LarderService
import LarderSocket
import Logging
import ServiceLifecycle

/// The socket as a part of the daemon that starts, runs and ends.
struct SocketFace: ServiceLifecycle.Service {
  let server: SocketServer
  let sockets: [RealmSocket]
  let deadline: Duration
  let log: Logger

  /// The group watches for signals by now: who reads "listening" may send one.
  func run() async throws {
    try server.start()
    for socket in sockets {
      log.info(
        "listening",
        metadata: [
          "realm": "\(socket.realms.joined(separator: ", "))", "socket": "\(socket.path)",
          "admin": "\(socket.grants.contains { $0.rights.contains(.administer) })",
        ])
    }
    await withTaskCancellationHandler {
      await withGracefulShutdownHandler {
        await server.finished()
      } onGracefulShutdown: {
        Task { await server.stop(within: deadline) }
      }
    } onCancel: {
      // Another face failed: the daemon does not go on with half of what it was told.
      Task { await server.stop(within: .zero) }
    }
  }
}
