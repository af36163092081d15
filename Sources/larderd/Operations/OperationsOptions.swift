import ArgumentParser
import LarderGateway

/// Which of larderd's options are about operators.
struct OperationsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Tell metrics and health over HTTP at a port of this machine, such as 9717, [::1]:9717 or 0 for one that is free, or at the path of a Unix socket; nowhere if absent.",
      valueName: "address"))
  var operations: GatewayAddress?

  @Flag(help: "Let that address be one that other machines reach, without encryption.")
  var operationsExposed = false

  func validate() throws {
    guard let operations else {
      guard !operationsExposed else {
        throw ValidationError("--operations is missing: the address that is meant")
      }
      return
    }
    guard operations.isLocal || operationsExposed else {
      throw ValidationError(
        "--operations \(operations) can be reached from other machines, without encryption; add --operations-exposed if that is meant"
      )
    }
  }
}
