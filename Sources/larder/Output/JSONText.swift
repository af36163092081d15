import FoundationEssentials
import LarderClient

/// JSON as this program prints it: indented, members sorted, slashes as they are.
enum JSONText {
  /// One document with a line break at its end.
  static func document(_ value: some Encodable) throws(ClientError) -> String {
    try text(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }

  /// One document in one line.
  static func line(_ value: some Encodable) throws(ClientError) -> String {
    try text(value, [.sortedKeys, .withoutEscapingSlashes])
  }

  private static func text(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) throws(ClientError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    } catch {
      throw ClientError(
        code: .init(rawValue: "internal"), message: "cannot write the result as JSON: \(error)")
    }
  }
}
