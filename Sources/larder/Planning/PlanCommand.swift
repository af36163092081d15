import ArgumentParser
import LarderFederation

/// `larder plan`: what a host would load to run exposed modules.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show all that a host must load to run exposed modules.",
    discussion: """
      A plan with errors is printed as far as it holds; the exit code is that of the first error \
      that stops a requested module, else of the first.
      """)

  @OptionGroup var asked: PlanOptions

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let plan = try asked.plan(from: connection)
    if connection.json {
      try Console.write(json: plan)
    } else {
      try Console.write(PlanText(plan).lines)
    }
    if let status = PlanFailure.exitStatus(of: plan.errors) { throw ExitCode(status) }
  }
}
