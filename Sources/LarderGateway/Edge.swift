package import LarderMetrics
package import LarderService
package import Logging
import ServiceLifecycle

/// The HTTP face towards the public: sites that are told apart by the name that they are asked for
/// under, each with a fixed list of remotes of one realm.
///
/// No request reaches anything else, and none brings anything into the store but those remotes'
/// releases, whole: what is asked for never decides what is kept.
package struct Edge: ServiceLifecycle.Service {
  private let settings: EdgeSettings
  private let service: LarderService.Service
  private let server: String
  private let watch: AnswerWatch
  private let log: Logger

  /// - Parameters:
  ///   - server: program and version, as answers tell it.
  ///   - accessLog: where each answer is written down; the owner closes it afterwards.
  /// - Precondition: there is a site.
  package init(
    _ settings: EdgeSettings, service: LarderService.Service, server: String,
    instruments: Instruments = Instruments(), accessLog: AccessLog? = nil, log: Logger
  ) {
    precondition(!settings.sites.isEmpty, "an edge has a site")
    self.settings = settings
    self.service = service
    self.server = server
    watch = AnswerWatch(instruments: GatewayInstruments(instruments), log: accessLog)
    self.log = log
  }

  /// Listens on all addresses until the service group that runs it shuts down; what was asked before
  /// is answered first.
  ///
  /// - Throws: where an address cannot be listened on; then none is.
  package func run() async throws {
    let face = HTTPFace(
      addresses: settings.addresses, certificate: settings.certificate, limits: settings.limits,
      server: server, watch: watch, log: log)
    try await face.run(hosts) { listening(at: $0) }
  }

  /// Each site has files of its own that are answered at once: what one shows another may not.
  private var hosts: VirtualHosts {
    let sites = settings.sites.map { site in
      VirtualHosts.VirtualHost(
        Responder(
          callers: CallerRules(site: site.hosts, origins: site.pages), mount: site.mount,
          content: PageContent(
            service: service, peer: site.peer, overrides: Overrides(at: nil), compresses: true,
            scope: site.scope), prompt: PromptFiles(), watch: watch),
        server: server)
    }
    var byName: [String: VirtualHosts.VirtualHost] = [:]
    for (site, host) in zip(settings.sites, sites) {
      for name in site.hosts { byName[name] = host }
    }
    // Any site says that it does not have the name.
    return VirtualHosts(byName, others: sites[0])
  }

  private func listening(at address: GatewayAddress) {
    log.info(
      "edge open",
      metadata: [
        "address": "\(address)", "sites": "\(settings.sites.count)",
        "tls": "\(settings.certificate != nil)",
      ])
    guard case .port(_, let port) = address else { return }
    let scheme = settings.certificate == nil ? "http" : "https"
    for site in settings.sites {
      let name = site.hosts.min() ?? ""
      service.announceGateway(at: "\(scheme)://\(name):\(port)\(site.mount.prefix)", of: site.peer)
    }
  }
}

extension Edge: CustomStringConvertible {
  /// Where it is; logs have it.
  package var description: String {
    "edge at \(settings.addresses.map(\.description).joined(separator: ", "))"
  }
}
