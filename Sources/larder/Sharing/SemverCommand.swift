import ArgumentParser
import LarderFederation

/// `larder semver`: whether a version satisfies a range, as one runtime sees it.
struct SemverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "semver", abstract: "Tell whether a version is in a range: true or false.",
    discussion: "Put -- before a range that begins with a hyphen.")

  @Option(help: "Whose rules: webpack, webpack-5.75, mf2-version-first or mf2-loaded-first.")
  var rules: RuleSet

  @Argument(help: "A range as configurations have it: '^1.2.3 || 2.x'.")
  var range: String

  @Argument(help: "A version as providers register it: 1.4.0.")
  var version: String

  func run() throws {
    let requirement = VersionRequirement(parsing: range, under: rules)
    try Console.write(requirement.accepts(version) ? "true\n" : "false\n")
  }
}
