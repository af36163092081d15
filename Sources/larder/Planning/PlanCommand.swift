import ArgumentParser
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire

/// `larder plan`: what a host would load to run exposed modules.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show all that a host must load to run exposed modules.",
    discussion: """
      A plan with errors is printed as far as it holds; the exit code is that of the first error \
      that stops a requested module, else of the first.
      """)

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

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let host = HostFacts(
      name: "host", target: target,
      shared: hostShared.map { HostShare(key: $0.key, version: $0.version) })
    let request = PlanMessage.Request(
      host: host,
      requests: modules.map { PlanRequest(remote: $0.remote, expose: $0.expose) })
    let plan: Plan = try connection.connect().control(.plan, request)
    if connection.json {
      try Console.write(json: plan)
    } else {
      try Console.write(PlanText(plan).lines)
    }
    if let status = PlanFailure.exitStatus(of: plan.errors) { throw ExitCode(status) }
  }
}

extension ContainerTarget: ExpressibleByArgument {}
