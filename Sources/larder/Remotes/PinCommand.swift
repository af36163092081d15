import ArgumentParser
import LarderClient
import LarderCore
import LarderMessages
import LarderWire

/// `larder pin`: keeps a release for good, or lists those that are.
struct PinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin", abstract: "Keep a release, however many come after it.",
    discussion: "Without a name it lists what is pinned.")

  @Argument(
    help: ArgumentHelp(
      "A remote and its release: 32 hexadecimal digits, or a channel such as 'current'.",
      valueName: "name@release"))
  var release: ReleaseName?
  @OptionGroup var connection: ConnectionOptions

  func validate() throws { try release?.requireRelease() }

  func run() throws { try connection.printPins(.pin, release) }
}

/// `larder unpin`: lets go of a pinned release.
struct UnpinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpin", abstract: "Let go of a release that was pinned.",
    discussion: "It goes when newer ones have taken its place.")

  @Argument(help: ArgumentHelp("As for 'pin'.", valueName: "name@release"))
  var release: ReleaseName
  @OptionGroup var connection: ConnectionOptions

  func validate() throws { try release.requireRelease() }

  func run() throws { try connection.printPins(.unpin, release) }
}

extension ReleaseName {
  /// Which one is kept is not left to what `current` happens to be.
  fileprivate func requireRelease() throws {
    guard channel ?? release != nil else {
      throw ValidationError(
        "'\(remote)' names no release: write '\(remote)@current', or its digits")
    }
  }
}

extension ConnectionOptions {
  fileprivate func printPins(_ verb: Verb, _ release: ReleaseName?) throws {
    let reply: PinMessage.List = try connect().control(
      verb,
      PinMessage.Request(
        name: release?.remote, release: release.flatMap { $0.release ?? $0.channel }))
    if json { return try Console.write(json: reply) }
    var table = Table(rightAligned: [1])
    for pin in reply.pins {
      table.add(
        "\(pin.name)@\(pin.release)", "\(ByteCount(pin.bytes))",
        UTCTime.text(seconds: pin.pinnedAt))
    }
    let end = "\(ByteCount(reply.bytes)) of \(ByteCount(reply.bytesMax)) pinned"
    try Console.write(table.lines + end + "\n")
  }
}
