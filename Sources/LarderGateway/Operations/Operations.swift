import Hummingbird
import HummingbirdCore
package import LarderMetrics
import LarderPlatform
package import LarderService
package import Logging
import NIOCore
import ServiceLifecycle
import SystemPackage

/// The operators' face: metrics and health over HTTP, at an address of its own, and nothing else.
///
/// To be told to end after the other faces, so that it says how they do.
package struct Operations: ServiceLifecycle.Service {
  private let settings: OperationsSettings
  private let responder: OperationsResponder
  private let server: String
  private let log: Logger

  /// - Parameters:
  ///   - measured: what `/metrics` shows, in this order, besides the process itself.
  ///   - server: program and version, as answers tell it.
  package init(
    _ settings: OperationsSettings, service: LarderService.Service, measured: [any Measured],
    drain: Drain, server: String, log: Logger
  ) {
    self.settings = settings
    self.server = server
    self.log = log
    responder = OperationsResponder(
      isLocal: settings.address.isLocal, service: service, drain: drain,
      measured: [ProcessMetrics(log: log), drain] + measured)
  }

  /// Listens until the service group that runs it shuts down.
  ///
  /// - Throws: where the address cannot be listened on.
  package func run() async throws {
    if case .socket(let path) = settings.address { try SocketListener.prepare(FilePath(path)) }
    let (limits, address) = (settings.limits, settings.address)
    var quiet = log
    quiet.logLevel = max(log.logLevel, .warning)
    let application = Application(
      responder: responder,
      server: HTTPServerBuilder {
        GatewayChannel(limits: limits, isSecure: false, console: nil, responder: $0)
      },
      configuration: ApplicationConfiguration(
        address: address.bindAddress, serverName: server, backlog: limits.backlog,
        reuseAddress: true,
        availableConnectionsDelegate: .maximum(limits.connectionsMax, logger: quiet)),
      onServerRunning: { channel in listening(channel.localAddress?.port) }, logger: quiet)
    do { try await application.run() } catch let error as IOError {
      throw SystemCallError(
        call: "listen", errno: Errno(rawValue: error.errnoCode), object: "\(address)")
    }
  }

  private func listening(_ port: Int?) {
    var address = settings.address
    if case .port(let host, let asked) = address { address = .port(host: host, port ?? asked) }
    log.info("operations open", metadata: ["address": "\(address)"])
  }
}
