/// Two texts as `diff -u` shows them.
enum UnifiedDiff {
  /// Lines around a change.
  private static let contextLines = 3

  private struct Line {
    let mark: Character
    let text: Substring
  }

  /// Empty for equal texts.
  static func text(from old: String, to new: String, named name: String) -> String {
    let lines = lines(from: old, to: new)
    let changed = lines.indices.filter { lines[$0].mark != " " }
    var hunks: [Range<Int>] = []
    for index in changed {
      let range = max(0, index - contextLines)..<min(lines.count, index + contextLines + 1)
      if let last = hunks.last, last.upperBound >= range.lowerBound {
        hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
      } else {
        hunks.append(range)
      }
    }
    guard !hunks.isEmpty else { return "" }
    return "--- \(name)\n+++ \(name)\n" + hunks.map { hunk(lines, $0) }.joined()
  }

  private static func hunk(_ lines: [Line], _ range: Range<Int>) -> String {
    func span(without mark: Character) -> String {
      let before = lines[..<range.lowerBound].count { $0.mark != mark }
      return "\(before + 1),\(lines[range].count { $0.mark != mark })"
    }
    return "@@ -\(span(without: "+")) +\(span(without: "-")) @@\n"
      + lines[range].map { "\($0.mark)\($0.text)\n" }.joined()
  }

  private static func lines(from old: String, to new: String) -> [Line] {
    let before = old.split(separator: "\n", omittingEmptySubsequences: false)
    let after = new.split(separator: "\n", omittingEmptySubsequences: false)
    let difference = after.difference(from: before)
    let removed = Set(
      difference.removals.map { change in
        if case .remove(let offset, _, _) = change { offset } else { -1 }
      })
    let inserted = Set(
      difference.insertions.map { change in
        if case .insert(let offset, _, _) = change { offset } else { -1 }
      })
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < before.count || right < after.count {
      if removed.contains(left) {
        lines.append(Line(mark: "-", text: before[left]))
        left += 1
      } else if inserted.contains(right) {
        lines.append(Line(mark: "+", text: after[right]))
        right += 1
      } else {
        lines.append(Line(mark: " ", text: after[right]))
        left += 1
        right += 1
      }
    }
    // What stands behind the last line break is no line.
    if let last = lines.last, last.text.isEmpty, last.mark == " " { lines.removeLast() }
    return lines
  }
}
