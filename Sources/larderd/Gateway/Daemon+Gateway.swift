import LarderCore
import LarderGateway
import LarderMetrics
import LarderService
import Logging
import SystemPackage

extension Daemon {
  static func open(
    _ options: GatewayOptions, _ store: FilePath, _ service: LarderService.Service,
    _ instruments: Instruments, _ accessLog: AccessLog?, _ log: Logger
  ) async throws(DaemonError) -> Gateway {
    var settings = GatewaySettings(
      addresses: options.gateway, mount: try mount(options, store),
      hosts: Set(options.gatewayHost), origins: Set(options.gatewayOrigin))
    settings.compresses =
      options.gatewayCompress ?? (options.gatewayBase != nil || options.gatewayExposed)
    settings.overrides = options.gatewayOverrides.map { FilePath($0) }
    settings.certificate = try certificate(
      options.gatewayCertificate, options.gatewayPrivateKey, log)
    if options.gateway.allSatisfy(\.isLocal) {
      settings.console = try await console(of: options.gatewayRealm, store, service)
    }
    let secrecy =
      settings.certificate == nil
      ? "without encryption: whoever sees its URL reads the realm" : "by whoever has its URL"
    for address in options.gateway where !address.isLocal {
      log.warning(
        "the gateway can be reached from other machines, \(secrecy)",
        metadata: ["address": "\(address)", "realm": "\(options.gatewayRealm)"])
    }
    do {
      return Gateway(
        settings, service: service,
        for: try await service.capability(realm: options.gatewayRealm, may: []),
        server: "larderd/\(LarderVersion.current)", instruments: instruments,
        accessLog: accessLog, log: log)
    } catch {
      throw DaemonError(error)
    }
  }

  /// Nil where none is named.
  static func certificate(
    _ chain: String?, _ key: String?, _ log: Logger
  ) throws(DaemonError) -> GatewayCertificate? {
    guard let chain, let key else { return nil }
    do { return try GatewayCertificate(chain: chain, key: key, log: log) } catch {
      throw DaemonError(certificate: chain, "\(error)")
    }
  }

  private static func mount(
    _ options: GatewayOptions, _ store: FilePath
  ) throws(DaemonError) -> Mount {
    // What is no path was refused with the options.
    if let base = options.gatewayBase.flatMap({ Mount(path: $0) }) { return base }
    return .key(try GatewayKeyFile.key(in: store))
  }

  private static func console(
    of realm: String, _ store: FilePath, _ service: LarderService.Service
  ) async throws(DaemonError) -> Console {
    let key = try GatewayKeyFile.key(in: store, named: GatewayKeyFile.consoleName)
    do {
      return Console(key: key, for: try await service.capability(realm: realm, may: .console))
    } catch {
      throw DaemonError(error)
    }
  }
}
