import LarderCore
import LarderGateway
import LarderMetrics
import LarderService
import Logging

extension Daemon {
  static func open(
    _ options: EdgeOptions, _ sites: [SiteOptions], _ service: LarderService.Service,
    _ instruments: Instruments, _ accessLog: AccessLog?, _ log: Logger
  ) async throws(DaemonError) -> Edge {
    let certificate = try certificate(options.edgeCertificate, options.edgePrivateKey, log)
    for address in options.edge where !address.isLocal && certificate == nil {
      log.warning(
        "the edge is reached from other machines without encryption",
        metadata: ["address": "\(address)"])
    }
    do throws(ServiceError) {
      var shown: [EdgeSettings.Site] = []
      for site in sites {
        try await service.lay(
          down: site.remotes,
          for: try await service.capability(realm: site.realm, may: [.publish]))
        shown.append(
          EdgeSettings.Site(
            hosts: site.hosts, mount: site.mount,
            peer: try await service.capability(realm: site.realm, may: []), pages: site.pages,
            scope: SiteScope(
              remotes: Set(site.remotes.keys), freshness: site.freshness,
              showsSourceMaps: site.showsSourceMaps)))
      }
      return Edge(
        EdgeSettings(addresses: options.edge, sites: shown, certificate: certificate),
        service: service, server: "larderd/\(LarderVersion.current)",
        instruments: instruments, accessLog: accessLog, log: log)
    } catch {
      throw DaemonError(error)
    }
  }
}
