import Foundation

/// All figures of a run: a table to read, and JSON to keep.
package struct Report: Encodable {
  package var machine = Machine()
  package var versions: [String: String] = [:]
  package var notes: [String] = []
  package var figures: [Figure] = []

  package init() {}

  package func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: URL(filePath: path))
  }

  /// The figures in columns, with what they depend on above them.
  package var table: String {
    let tools = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let lines = ["\(machine)", tools.joined(separator: ", ")] + notes
    return (lines + [Table([Figure.columns] + figures.map(\.cells)).text]).joined(separator: "\n")
  }
}
