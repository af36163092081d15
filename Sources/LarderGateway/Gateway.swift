import HTTPTypes
import Hummingbird
import HummingbirdCore
import LarderPlatform
package import LarderService
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SystemPackage

/// The HTTP face: answers pages, and whoever else speaks HTTP, out of one realm.
///
/// Reads only. What a request may name is decided by the capability that the gateway was given, as on
/// a socket; whether it is looked at, by the rules for callers and the key in its path.
package struct Gateway: ServiceLifecycle.Service {
  private let settings: GatewaySettings
  private let service: LarderService.Service
  private let peer: RealmCapability
  private let server: String
  /// What is answered at once.
  let prompt = PromptFiles()
  private let log: Logger

  /// - Parameters:
  ///   - peer: whom requests speak for; its rights beyond reading are not used.
  ///   - server: program and version, as answers tell it.
  package init(
    _ settings: GatewaySettings, service: LarderService.Service, for peer: RealmCapability,
    server: String, log: Logger
  ) {
    self.settings = settings
    self.service = service
    self.peer = peer
    self.server = server
    self.log = log
  }

  /// Listens on all addresses until the service group that runs it shuts down; what was asked before
  /// is answered first.
  ///
  /// - Throws: where an address cannot be listened on; then none is.
  package func run() async throws {
    let responder = Responder(
      settings: settings,
      content: PageContent(
        service: service, peer: peer, overrides: Overrides(at: settings.overrides),
        compresses: settings.compresses), prompt: prompt)
    let desk = PromptDesk(
      files: prompt, callers: responder.callers, content: responder.content,
      server: server)
    try prepareSockets()
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for address in settings.addresses {
          let application = application(at: address, responder, desk)
          group.addTask { try await application.run() }
        }
        if let certificate = settings.certificate {
          group.addTask { try await certificate.run() }
        }
        // The first that fails takes the others with it.
        try await group.waitForAll()
      }
    } catch let error as IOError {
      throw SystemCallError(
        call: "listen", errno: Errno(rawValue: error.errnoCode),
        object: settings.addresses.map(\.description).joined(separator: ", "))
    }
  }

  /// Sees to it that nobody answers at the paths, and that nobody else can put something there.
  private func prepareSockets() throws(SystemCallError) {
    for case .socket(let path) in settings.addresses {
      try SocketListener.prepare(FilePath(path))
    }
  }

  func application(
    at address: GatewayAddress, _ responder: Responder, _ desk: PromptDesk
  ) -> some ApplicationProtocol {
    Application(
      responder: responder, server: server(at: address, desk),
      configuration: ApplicationConfiguration(
        address: address.bindAddress, serverName: server, backlog: settings.limits.backlog,
        reuseAddress: true,
        availableConnectionsDelegate: .maximum(settings.limits.connectionsMax, logger: quiet)),
      onServerRunning: { channel in listening(at: address, channel.localAddress?.port) },
      logger: quiet)
  }

  private func server(at address: GatewayAddress, _ desk: PromptDesk) -> HTTPServerBuilder {
    let limits = settings.limits
    guard case .port = address, let certificate = settings.certificate else {
      return HTTPServerBuilder {
        GatewayChannel(limits: limits, isSecure: false, responder: $0, desk: desk)
      }
    }
    let streams = OpenStreams(max: limits.streamsMax)
    return HTTPServerBuilder {
      try SecureChannel(
        certificate, limits: limits, among: streams, answering: desk, responder: $0)
    }
  }

  /// What the library says of each connection is for its own developers.
  private var quiet: Logger {
    var log = log
    log.logLevel = max(log.logLevel, .warning)
    return log
  }

  private func listening(at address: GatewayAddress, _ port: Int?) {
    switch address {
    case .socket(let path):
      log.info("gateway open", metadata: ["realm": "\(peer.name)", "socket": "\(path)"])
    case .port(let host, let asked):
      let address = GatewayAddress.port(host: host, port ?? asked)
      log.info("gateway open", metadata: ["realm": "\(peer.name)", "address": "\(address)"])
      service.announceGateway(at: url(of: address, port: port ?? asked), of: peer)
    }
  }

  /// By number, since a name may lead to another address first, where somebody else listens; but a
  /// certificate is for a name.
  private func url(of address: GatewayAddress, port: Int) -> String {
    guard settings.certificate != nil else { return "http://\(address)\(settings.mount.prefix)" }
    let name = settings.hosts.min() ?? "localhost"
    return "https://\(name):\(port)\(settings.mount.prefix)"
  }
}

extension Gateway: CustomStringConvertible {
  /// Not what it holds, since that is written to logs: its key is a secret.
  package var description: String {
    "gateway at \(settings.addresses.map(\.description).joined(separator: ", "))"
  }
}

extension GatewayAddress {
  fileprivate var bindAddress: BindAddress {
    switch self {
    case .port(let host, let port): .hostname(host, port: port)
    case .socket(let path): .unixDomainSocket(path: path)
    }
  }
}
