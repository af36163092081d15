/// Lines of columns, each as wide as its widest cell.
struct Table {
  private let indentation: Int
  private var rows: [[String]] = []
  private var rightAligned: Set<Int>

  /// - Parameters:
  ///   - header: the names of the columns; none leaves the line out.
  ///   - rightAligned: the places of columns that hold quantities.
  init(_ header: [String] = [], rightAligned: Set<Int> = [], indentation: Int = 0) {
    self.indentation = indentation
    self.rightAligned = rightAligned
    if !header.isEmpty { rows.append(header) }
  }

  mutating func add(_ cells: String...) { rows.append(cells) }

  /// One line a row, two spaces between columns, nothing after the last.
  var lines: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var text = ""
    for row in rows {
      var line = String(repeating: " ", count: indentation)
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += column > 0 ? "  " : ""
        line += rightAligned.contains(column) ? space + cell : cell + space
      }
      text += line.prefix(
        upTo: line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)
      text += "\n"
    }
    return text
  }
}
