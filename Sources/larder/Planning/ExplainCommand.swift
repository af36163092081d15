import ArgumentParser
import LarderClient
import LarderFederation

/// `larder explain`: a load plan as the graph that it is, with each decision.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell which modules need which others, which shared versions they get, and why.",
    discussion: """
      The exit code is that of 'larder plan'. Up to \(Plan.explainedModulesMax) modules are explained \
      at a time.
      """)

  @OptionGroup var asked: PlanOptions

  @Flag(help: "Print the graph for Graphviz: larder explain nav/Header --dot | dot -Tpng.")
  var dot = false

  @Flag(help: "Print a picture: one SVG file that needs nothing else.")
  var svg = false

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where to write it to; '-' is standard output.", valueName: "file"))
  var output = "-"

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    guard [connection.json, dot, svg].count(where: { $0 }) <= 1 else {
      throw ValidationError("--json, --dot and --svg are different forms: choose one")
    }
  }

  func run() throws {
    let plan = try asked.plan(from: connection, explained: true)
    guard let graph = PlanDrawing.graph(of: plan) else {
      throw ClientError(
        code: .tooLarge,
        message: "the graph has more than \(Plan.explainedModulesMax) modules or"
          + " \(Plan.explainedImportsMax) imports",
        remedy: "ask for fewer modules; 'larder plan' has no such limit")
    }
    try write(try text(plan, graph))
    if let status = PlanFailure.exitStatus(of: plan.errors) { throw ExitCode(status) }
  }

  private func text(_ plan: Plan, _ graph: DrawnGraph) throws(ClientError) -> String {
    if connection.json { return try JSONText.document(plan) }
    if dot { return DOTText(graph).text }
    if svg { return SVGText(graph).text }
    return Console.printable(ExplanationText(plan).lines)
  }

  private func write(_ text: String) throws(ClientError) {
    var file = try OutputFile(path: output)
    try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(ClientError) in
      try file.write(UnsafeRawBufferPointer(bytes))
    }
    try file.commit()
  }
}
