import ArgumentParser
import LarderCore

/// How often a remote is updated by itself, as people write it: `10m`, or `off`.
struct UpdateInterval: ExpressibleByArgument, Sendable, Equatable {
  /// 0 for never.
  let seconds: Int64

  init?(argument: String) {
    if argument == "off" {
      seconds = 0
      return
    }
    guard let duration = Duration(written: argument), duration > .zero else { return nil }
    seconds = duration.components.seconds
  }

  static let help = ArgumentHelp(
    "Update it by itself, such as every 30s, 10m, 6h or 1d; 'off' for on demand only.",
    valueName: "duration|off")
}
