import ArgumentParser
import Logging

/// A severity, by the name that swift-log gives it.
struct LogLevel: ExpressibleByArgument, CustomStringConvertible, Sendable {
  let level: Logger.Level

  static let info = LogLevel(level: .info)

  var description: String { level.rawValue }

  private init(level: Logger.Level) { self.level = level }

  init?(argument: String) {
    guard let level = Logger.Level(rawValue: argument) else { return nil }
    self.init(level: level)
  }
}
