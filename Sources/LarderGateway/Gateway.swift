import FoundationEssentials
package import LarderMetrics
package import LarderService
package import Logging
import ServiceLifecycle

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
  private let watch: AnswerWatch
  private let log: Logger
  private let history = StatisticsHistory()

  /// - Parameters:
  ///   - peer: whom requests speak for; its rights beyond reading are not used.
  ///   - server: program and version, as answers tell it.
  ///   - accessLog: where each answer is written down; the owner closes it afterwards.
  package init(
    _ settings: GatewaySettings, service: LarderService.Service, for peer: RealmCapability,
    server: String, instruments: Instruments = Instruments(), accessLog: AccessLog? = nil,
    log: Logger
  ) {
    watch = AnswerWatch(instruments: GatewayInstruments(instruments), log: accessLog)
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
      callers: CallerRules(hosts: settings.hosts, origins: settings.origins),
      mount: settings.mount,
      content: PageContent(
        service: service, peer: peer, overrides: Overrides(at: settings.overrides),
        compresses: settings.compresses), prompt: prompt, watch: watch,
      console: settings.answeredConsole.map { console in
        ConsoleResponder(console, service: service, history: history, run: Self.run())
      })
    let face = HTTPFace(
      addresses: settings.addresses, certificate: settings.certificate, limits: settings.limits,
      console: settings.answeredConsole?.key, server: server, watch: watch, log: log)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await face.run(
          VirtualHosts(others: VirtualHosts.VirtualHost(responder, server: server))
        ) {
          listening(at: $0)
        }
      }
      if let console = settings.answeredConsole {
        group.addTask { await keepHistory(for: console.peer) }
      }
      // The first that fails takes the others with it.
      while try await group.next() != nil {}
    }
  }

  /// A name for this run of the daemon: whoever hears another asks for everything again.
  private static func run() -> String {
    String(UInt64.random(in: .min ... .max), radix: 16)
  }

  private func keepHistory(for peer: RealmCapability) async {
    await cancelWhenGracefulShutdown {
      repeat {
        history.add(
          service.statistics(for: peer), at: Int64(Date().timeIntervalSince1970))
        // Cancelled when the gateway ends.
      } while (try? await Task.sleep(for: StatisticsHistory.interval)) != nil
    }
  }

  private func listening(at address: GatewayAddress) {
    switch address {
    case .socket(let path):
      log.info("gateway open", metadata: ["realm": "\(peer.name)", "socket": "\(path)"])
    case .port(_, let port):
      log.info("gateway open", metadata: ["realm": "\(peer.name)", "address": "\(address)"])
      if let console = settings.answeredConsole {
        // By whatever name the gateway is asked for, the console is this machine's.
        let base = settings.certificate == nil ? "http://\(address)" : "https://localhost:\(port)"
        service.announceConsole(at: "\(base)/\(console.key.text)/console/", of: console.peer)
      }
      service.announceGateway(at: url(of: address, port: port), of: peer)
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
