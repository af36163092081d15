/// Parts of the sentences that give reasons.
enum ShareReason {
  /// How many versions are named; more are counted. Plans carry a sentence for every choice.
  private static let namedMax = 8

  /// `1.0.0, 1.1.0 and 2 more`; nothing for no entries.
  static func list(_ entries: [ShareEntry]) -> String {
    let named = entries.prefix(namedMax).map { $0.version.isEmpty ? "\"\"" : $0.version }
    let rest = entries.count > namedMax ? ["\(entries.count - namedMax) more"] : []
    let items = named + rest
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }

  /// `; left out: 2.0.0 (why)`; nothing for no entries.
  static func leftOut(_ entries: [ShareEntry], _ why: @autoclosure () -> String) -> String {
    entries.isEmpty ? "" : "; left out: \(list(entries)) (\(why()))"
  }
}
