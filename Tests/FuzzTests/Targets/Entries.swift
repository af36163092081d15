@testable import LarderFederation

/// Any text can be read as JavaScript and as the entry of a container.
func fuzzEntries(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  // The files of the build stand one after the other, with a NUL between.
  let files = bytes.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
    .map { String(decoding: $0, as: UTF8.self) }
  guard let text = files.first, let code = JavaScriptCode(text) else { return }
  for place in code.all {
    let end = code.next(place)
    try hold(end > place && end <= code.count, "words lie one behind the other")
    if let parent = code.parent(place) {
      try hold(parent < place, "what encloses a word opens before it")
    }
    if let other = code.partner(place) {
      try hold(code.partner(other) == place, "brackets come in pairs")
    }
  }
  for place in code.all.prefix(64) {
    var expression = ConstantExpression(
      place..<code.count, of: code, variables: ["e": .text("1")])
    _ = expression.value()
    if code.kind(place) == .regex { _ = SimpleRegex(code.text(place))?.matches("12") }
    _ = VersionRange(compiled: place..<code.next(place), in: code)?.description
  }
  let named = Dictionary(
    files.enumerated().map { ($0 == 0 ? "remoteEntry.js" : "\($0).js", $1) }
  ) { first, _ in first }
  let build = BuildImport(
    BuildFiles(paths: { named.keys.sorted() }, read: { named[$0].map { Array($0.utf8) } }))
  guard let facts = try? build.containers(at: "remoteEntry.js").first?.facts else { return }
  try hold(facts.reading?.source == .code, "what was read is said")
  let known = Set(facts.chunks.map(\.id))
  for expose in facts.exposes {
    try hold(known.isSuperset(of: expose.chunks), "an expose names chunks that are listed")
  }
}
