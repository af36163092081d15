/// The condition in a chunk handler that tells which chunks have a file: those without one only
/// have needs.
struct ChunkTest: Sendable {
  private let code: JavaScriptCode
  private let condition: Range<Int>
  private let parameter: String
  /// Whether the condition holds for chunks that have a file.
  private let isPositive: Bool

  /// - Parameter handler: `(id, promises) => {… if (id != "a") {load} else installed[id] = 0 …}`.
  /// - Returns: nil for a handler that makes no difference.
  init?(_ handler: Range<Int>, in code: JavaScriptCode) {
    guard let function = code.function(handler), let first = function.parameters.first,
      let parameter = first
    else { return nil }
    self.code = code
    self.parameter = parameter
    guard
      let place = function.body.first(where: { Self.isTest($0, of: parameter, in: code) }),
      let found = Self.condition(around: place, in: code)
    else { return nil }
    condition = found.places
    isPositive = Self.isMark(found.branch, parameter, in: code) == found.isElse
  }

  /// Whether the chunk has a file; true where that cannot be worked out.
  func passes(_ id: String) -> Bool {
    var expression = ConstantExpression(condition, of: code, variables: [parameter: .text(id)])
    return (expression.value().isTrue ?? isPositive) == isPositive
  }

  /// `/…/.test(id)`, `id != "a"`, `"a" == id`.
  private static func isTest(_ place: Int, of parameter: String, in code: JavaScriptCode) -> Bool {
    if code.kind(place) == .regex {
      return code.begins(place + 1, ".", "test", "(") && code.text(place + 4) == parameter
    }
    let marks: [StaticString] = ["==", "!=", "===", "!=="]
    guard marks.contains(where: { code.is(place, $0) }) else { return false }
    return (code.text(place - 1) == parameter && code.key(place + 1) != nil)
      || (code.key(place - 1) != nil && code.text(place + 1) == parameter
        && code.isVariable(place + 1))
  }

  /// The whole condition, and the first word of what it decides about.
  private static func condition(
    around place: Int, in code: JavaScriptCode
  ) -> (places: Range<Int>, branch: Int, isElse: Bool)? {
    if let opener = code.parent(place), code.is(opener - 1, "if"), let closer = code.partner(opener)
    {
      return (code.inside(opener), closer + 1, false)
    }
    var start = code.kind(place) == .regex ? place : place - 1
    while code.is(start - 1, "!") { start -= 1 }
    var end = place
    while end < code.count {
      if code.is(end, "?") || code.is(end, "&&") { return (start..<end, end + 1, false) }
      if code.is(end, "||") { return (start..<end, end + 1, true) }
      if code.is(end, ";") || code.is(end, ",") { return nil }
      end = code.next(end)
    }
    return nil
  }

  /// `installed[id] = 0`: the chunk has nothing to load.
  private static func isMark(_ place: Int, _ parameter: String, in code: JavaScriptCode) -> Bool {
    var place = place
    while code.is(place, "{") || code.is(place, "(") { place += 1 }
    return code.kind(place) == .name && code.is(place + 1, "[")
      && code.text(place + 2) == parameter && code.begins(place + 3, "]", "=")
      && code.kind(place + 5) == .number
  }
}
