import ArgumentParser
import LarderClient
import LarderFederation

/// `larder share`: which provider a consumer gets, and who holds a version, without a daemon; and
/// what the daemon knows of both.
struct ShareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "share", abstract: "Explain how shared packages are negotiated.",
    subcommands: [ShareExplainCommand.self, ShareRegisterCommand.self, ShareListCommand.self])
}

/// `larder share explain`.
struct ShareExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell which version a consumer gets from a share scope, and why.",
    discussion: """
      A case is {"scopeName": "default", "scope": {"react": [{"version": "18.2.0", "from": "shell"}]}, \
      "consumer": {"key": "react", "requiredVersion": "^18.0.0"}}. Versions stand in the order in which \
      they were registered, with "eager" and "loaded" where they are; the consumer may have "shareKey", \
      "singleton", "strictVersion", "eager" and "import": false.
      """)

  @OptionGroup var input: ShareFile

  func run() throws {
    try input.answer(
      { (object, rules, notes) throws(ClientError) in
        try ShareCase(object, under: rules, notes: &notes).answer(under: rules)
      }, lines: \.lines)
  }
}

/// `larder share register`.
struct ShareRegisterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Tell who holds a version after a registration, and why.",
    discussion: """
      A case is {"key": "react", "existing": {"version": "18.2.0", "from": "shell", "eager": false}, \
      "register": {"version": "18.2.0", "uniqueName": "cart", "eager": false}}. "existing" may be null; \
      it may have "loaded", and "strategy": "loaded-first". The answer has the entries by version.
      """)

  @OptionGroup var input: ShareFile

  func run() throws {
    try input.answer(
      { (object, rules, notes) throws(ClientError) in
        try RegisterCase(object, notes: &notes).answer(under: rules)
      }, lines: \.lines)
  }
}
