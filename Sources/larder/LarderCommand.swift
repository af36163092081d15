import ArgumentParser
import Glibc
import LarderClient
import LarderCore
import LarderPlatform

/// The program: each command connects, does one thing, prints it and ends.
@main
struct LarderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "larder",
    abstract: "Keeps the files of federated builds on this machine, once for every host.",
    discussion: """
      Exit codes are those of sysexits.h: 64 usage, 65 bad data, 66 not found, 69 nobody answers, \
      70 a defect, 73 no space, 74 input or output, 75 try again later, 77 refused.
      """,
    version: LarderVersion.current,
    subcommands: [
      UpCommand.self, StatusCommand.self, ConsoleCommand.self, PutCommand.self, GetCommand.self,
      FetchCommand.self,
      InitCommand.self, RemoteCommand.self, LockCommand.self, PublishCommand.self, PlanCommand.self,
      ExplainCommand.self,
      InspectCommand.self, CheckCommand.self, DiffCommand.self, ExportCommand.self,
      ImportCommand.self, PinCommand.self, UnpinCommand.self, StoreCommand.self,
      ShareCommand.self, SemverCommand.self, OverrideCommand.self, TypesCommand.self,
    ])

  static func main() {
    // A daemon that closes its socket, or a reader that closes our output, is an error of the call.
    SocketSignals.ignoreBrokenPipe()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let error as ClientError {
      Console.report(error, asJSON: asksForJSON(arguments))
      Glibc.exit(error.exitStatus)
    } catch {
      let status = exitCode(for: error)
      if status == .validationFailure, asksForJSON(arguments) {
        Console.report(.usage(message(for: error)), asJSON: true)
        Glibc.exit(status.rawValue)
      }
      exit(withError: error)
    }
  }

  /// Whether errors are to be JSON, told from the bare arguments: they may be what cannot be
  /// parsed.
  private static func asksForJSON(_ arguments: [String]) -> Bool {
    arguments.prefix { $0 != "--" }.contains("--json")
  }
}
