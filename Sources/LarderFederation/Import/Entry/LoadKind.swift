/// What a function that loads a shared package does with what it finds, told from the functions
/// that it calls: minified runtimes keep no name of it.
struct LoadKind {
  /// Whether one version serves all: it reads which entry is loaded already.
  private(set) var isSingleton = false
  /// Whether a version out of range is used with a warning.
  private(set) var warns = false

  /// - Parameter callee: the expression that is called.
  init(_ callee: Range<Int>, in code: JavaScriptCode) {
    var pending = [callee]
    var seen: Set<Int> = []
    while let places = pending.popLast(), !code.budget.isSpent {
      guard seen.insert(places.lowerBound).inserted else { continue }
      for place in places where code.kind(place) == .name {
        code.budget.spend()
        if code.is(place - 1, ".") {
          if code.is(place, "loaded"), !code.is(place + 1, "=") { isSingleton = true }
          if code.is(place, "warn") { warns = true }
        } else if !code.is(place + 1, "."), !code.is(place + 1, "=>"), !code.is(place + 1, ":"),
          let found = code.definition(of: place)
        {
          pending.append(found)
        }
      }
    }
  }
}
