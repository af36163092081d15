import ArgumentParser
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire

/// What is planned, and for which host.
struct PlanOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A remote and a module of it: nav/Header, @shop/cart/Summary.", valueName: "name/expose"))
  var modules: [ExposeName]

  @Option(
    help: ArgumentHelp(
      "A package that the host provides; may be repeated.", valueName: "key=version"))
  var hostShared: [HostShareName] = []

  @Option(help: "What the host can run: web, async-node, node, module or webworker.")
  var target: ContainerTarget = .asyncNode

  /// The daemon's plan.
  ///
  /// - Parameter explained: whether it is to tell which modules import which, and where hosts
  ///   departed from it.
  func plan(
    from connection: ConnectionOptions, explained: Bool = false
  ) throws(ClientError) -> Plan {
    let host = HostFacts(
      name: "host", target: target,
      shared: hostShared.map { HostShare(key: $0.key, version: $0.version) })
    let request = PlanMessage.Request(
      host: host,
      requests: modules.map { PlanRequest(remote: $0.remote, expose: $0.expose) },
      imports: explained ? true : nil, differences: explained ? true : nil)
    return try connection.connect().control(.plan, request)
  }
}

extension ContainerTarget: ExpressibleByArgument {}
