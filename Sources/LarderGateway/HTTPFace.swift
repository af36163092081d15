import Hummingbird
import HummingbirdCore
import LarderPlatform
import Logging
import NIOCore
import NIOPosix
import SystemPackage

/// Listens for HTTP on some addresses: what the gateway and the edge have in common.
struct HTTPFace: Sendable {
  let addresses: [GatewayAddress]
  /// With which ports speak TLS; nil for in the clear.
  let certificate: GatewayCertificate?
  let limits: GatewayLimits
  /// Of the console that is below the same addresses; nil without one.
  var console: GatewayKey?
  /// Program and version, as answers tell it.
  let server: String
  let watch: AnswerWatch
  let log: Logger

  /// Answers until the service group that runs it shuts down; what was asked before is answered first.
  ///
  /// - Parameter opened: told of each address that listens, with its port.
  /// - Throws: where an address cannot be listened on; then none is.
  func run(
    _ hosts: VirtualHosts, opened: @escaping @Sendable (GatewayAddress) -> Void
  ) async throws {
    try prepareSockets()
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for address in addresses {
          let application = application(at: address, hosts, opened)
          group.addTask { try await application.run() }
        }
        if let certificate { group.addTask { try await certificate.run() } }
        // The first that fails takes the others with it.
        try await group.waitForAll()
      }
    } catch let error as IOError {
      throw SystemCallError(
        call: "listen", errno: Errno(rawValue: error.errnoCode),
        object: addresses.map(\.description).joined(separator: ", "))
    }
  }

  /// Sees to it that nobody answers at the paths, and that nobody else can put something there.
  private func prepareSockets() throws(SystemCallError) {
    for case .socket(let path) in addresses {
      try SocketListener.prepare(FilePath(path))
    }
  }

  private func application(
    at address: GatewayAddress, _ hosts: VirtualHosts,
    _ opened: @escaping @Sendable (GatewayAddress) -> Void
  ) -> some ApplicationProtocol {
    Application(
      responder: hosts, server: channels(at: address, hosts),
      configuration: ApplicationConfiguration(
        address: address.bindAddress, serverName: server, backlog: limits.backlog,
        reuseAddress: true,
        availableConnectionsDelegate: .maximum(limits.connectionsMax, logger: quiet)),
      onServerRunning: { channel in opened(address.bound(to: channel.localAddress?.port)) },
      logger: quiet)
  }

  private func channels(at address: GatewayAddress, _ hosts: VirtualHosts) -> HTTPServerBuilder {
    let (limits, console, watch) = (limits, console, watch)
    guard case .port = address, let certificate else {
      return HTTPServerBuilder {
        GatewayChannel(
          limits: limits, isSecure: false, console: console, responder: $0, hosts: hosts,
          watch: watch)
      }
    }
    let streams = OpenStreams(max: limits.streamsMax)
    return HTTPServerBuilder {
      try SecureChannel(
        certificate, limits: limits, console: console, among: streams, answering: hosts,
        watch: watch, responder: $0)
    }
  }

  /// What the library says of each connection is for its own developers.
  private var quiet: Logger {
    var log = log
    log.logLevel = max(log.logLevel, .warning)
    return log
  }
}

extension GatewayAddress {
  var bindAddress: BindAddress {
    switch self {
    case .port(let host, let port): .hostname(host, port: port)
    case .socket(let path): .unixDomainSocket(path: path)
    }
  }

  /// The same with the port that it got.
  fileprivate func bound(to port: Int?) -> GatewayAddress {
    switch self {
    case .port(let host, let asked): .port(host: host, port ?? asked)
    case .socket: self
    }
  }
}
