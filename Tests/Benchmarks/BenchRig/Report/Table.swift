import Foundation

/// Rows of text in columns.
package struct Table {
  private let rows: [[String]]
  private let separator: String

  /// - Precondition: all rows have as many cells as the first.
  package init(_ rows: [[String]], separator: String = "  ") {
    self.rows = rows
    self.separator = separator
  }

  /// Each column as wide as its longest cell.
  package var text: String {
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: separator)
    }.joined(separator: "\n")
  }
}
