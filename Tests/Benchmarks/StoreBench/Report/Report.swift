import Foundation

/// All figures of a run: a table to read, and JSON to keep.
struct Report: Encodable {
  var machine = Machine()
  var versions: [String: String] = [:]
  var notes: [String] = []
  var figures: [Figure] = []

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: URL(filePath: path))
  }

  /// The figures in columns, with what they depend on above them.
  var table: String {
    let rows = [Figure.columns] + figures.map(\.cells)
    let widths = Figure.columns.indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    let head =
      "\(machine.processor), \(machine.threads) threads, "
      + (machine.hasSHAInstructions ? "with" : "without") + " SHA instructions, \(machine.kernel)"
    let tools = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let lines = rows.map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ")
    }
    return ([head, tools.joined(separator: ", ")] + notes + lines).joined(separator: "\n")
  }
}
