import LarderCore
import LarderFederation

/// Differences of releases for people.
enum DiffText {
  static func lines(of differences: [ContainerDifference]) -> String {
    differences.map(lines).joined()
  }

  private static func lines(of difference: ContainerDifference) -> String {
    let sections = [
      ("exposed modules", difference.exposes), ("provided packages", difference.provides),
      ("packages asked for", difference.consumes), ("imported modules", difference.remotes),
      ("build", difference.build),
    ]
    let bytes = [difference.bytesBefore, difference.bytesAfter, difference.newBytes]
      .map { ByteCount($0).description }
    return "\n\(difference.target?.rawValue ?? "unknown target")\n"
      + sections.map { section($0, $1) }.joined()
      + section("files", difference.files.map(shortened))
      + "  bytes: \(bytes[0]) before, \(bytes[1]) after, \(bytes[2]) of them new\n"
  }

  private static func section(_ title: String, _ changes: [ContainerDifference.Change]) -> String {
    var table = Table(indentation: 4)
    for change in changes {
      switch (change.before, change.after) {
      case (nil, let after?): table.add("+ \(change.name)", after)
      case (let before?, nil): table.add("- \(change.name)", before)
      case (let before?, let after?): table.add("  \(change.name)", "\(before) -> \(after)")
      case (nil, nil): break
      }
    }
    return changes.isEmpty ? "" : "  \(title)\n\(table.lines)"
  }

  /// Enough of a digest to tell it from others.
  private static func shortened(_ change: ContainerDifference.Change) -> ContainerDifference.Change
  {
    var change = change
    change.before = change.before.map { String($0.prefix(12)) }
    change.after = change.after.map { String($0.prefix(12)) }
    return change
  }
}
