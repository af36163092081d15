import LarderCore

/// Works out expressions of literals and one variable, such as the one that gives a chunk's file
/// name: texts put together, `{1: "name"}[id] || id`, conditions, comparisons, templates,
/// `/…/.test(id)`.
///
/// This is no interpreter: it knows no assignment, no loop and no function but the two named here;
/// what it does not know is `unknown`, and so is what depends on it. Takes time linear in the
/// expression, and once more in each object literal that is looked into.
struct ConstantExpression {
  /// Brackets, conditions and signs within one another; a chunk-name expression has three or four.
  private static let depthMax = 64

  private let code: JavaScriptCode
  private let end: Int
  private let variables: [String: JavaScriptValue]
  /// What `x.name()` returns for a name that the program defines so.
  private let properties: [String: String]
  private let tables: Tables
  private var place: Int
  private var depth = 0

  /// Object literals by the place of their bracket, read once however often they are asked.
  final class Tables: Sendable {
    private let known = Locked<[Int: [String: Range<Int>]]>([:])

    /// The value of `key` in the object that opens at `opener`; nil where it has none.
    fileprivate func value(of key: String, at opener: Int, in code: JavaScriptCode) -> Range<Int>? {
      known.withLock { known in
        if known[opener] == nil {
          let members = code.members(opener) ?? []
          known[opener] = Dictionary(members.map { ($0.key, $0.value) }) { _, last in last }
        }
        return known[opener]?[key]
      }
    }
  }

  init(
    _ places: Range<Int>, of code: JavaScriptCode, variables: [String: JavaScriptValue],
    properties: [String: String] = [:], tables: Tables = Tables()
  ) {
    self.code = code
    place = places.lowerBound
    end = places.upperBound
    self.variables = variables
    self.properties = properties
    self.tables = tables
  }

  /// The value; `unknown` for an expression with anything else in it.
  mutating func value() -> JavaScriptValue {
    let value = condition()
    return place == end ? value : .unknown
  }

  // MARK: - Operators, loosest first

  private mutating func condition() -> JavaScriptValue {
    guard depth < Self.depthMax else {
      place = end
      return .unknown
    }
    depth += 1
    defer { depth -= 1 }
    // One condition after the other is no nesting: builds without a pattern list every chunk so.
    var outcome: JavaScriptValue?
    while true {
      let test = either()
      guard take("?") else { return outcome ?? test }
      let yes = condition()
      guard take(":") else { return .unknown }
      if outcome == nil, test.isTrue != false { outcome = test.isTrue == true ? yes : .unknown }
    }
  }

  private mutating func either() -> JavaScriptValue {
    var left = both()
    while true {
      if take("||") {
        let right = both()
        left = left.isTrue.map { $0 ? left : right } ?? .unknown
      } else if take("??") {
        let right = both()
        left = left == .unknown ? .unknown : left == .undefined ? right : left
      } else {
        return left
      }
    }
  }

  private mutating func both() -> JavaScriptValue {
    var left = comparison()
    while take("&&") {
      let right = comparison()
      left = left.isTrue.map { $0 ? right : left } ?? .unknown
    }
    return left
  }

  private mutating func comparison() -> JavaScriptValue {
    var left = sum()
    while true {
      let isNegated = code.is(place, "!=") || code.is(place, "!==")
      guard place < end, isNegated || code.is(place, "==") || code.is(place, "===") else {
        return left
      }
      place += 1
      let right = sum()
      left = left.equals(right).map { .boolean($0 != isNegated) } ?? .unknown
    }
  }

  private mutating func sum() -> JavaScriptValue {
    var left = sign()
    while take("+") { left = Self.sum(left, sign()) }
    return left
  }

  private static func sum(_ left: JavaScriptValue, _ right: JavaScriptValue) -> JavaScriptValue {
    if case .number(let first) = left, case .number(let second) = right {
      return .number(first + second)
    }
    guard let first = left.written, let second = right.written else { return .unknown }
    return .text(first + second)
  }

  private mutating func sign() -> JavaScriptValue {
    guard depth < Self.depthMax else {
      place = end
      return .unknown
    }
    depth += 1
    defer { depth -= 1 }
    if take("void") {
      _ = sign()
      return .undefined
    }
    var negations = 0
    while take("!") { negations += 1 }
    let value = access()
    guard negations > 0 else { return value }
    return value.isTrue.map { .boolean($0 == negations.isMultiple(of: 2)) } ?? .unknown
  }

  // MARK: - Values

  private mutating func access() -> JavaScriptValue {
    var value = primary()
    while place < end {
      if code.is(place, "["), let closer = code.partner(place), closer < end {
        let key = inner(code.inside(place))
        value = element(key, of: value)
        place = closer + 1
      } else if take(".") || take("?.") {
        value = call(code.text(place), of: value)
      } else {
        return value
      }
    }
    return value
  }

  private mutating func primary() -> JavaScriptValue {
    guard place < end, let kind = code.kind(place) else { return .unknown }
    defer { place = min(code.next(place), end) }
    switch kind {
    case .string: return code.string(place).map { .text($0) } ?? .unknown
    case .template: return template()
    case .number: return code.number(place).map { .number($0) } ?? .unknown
    case .regex: return .regex(place)
    case .name:
      if let value = variables[code.text(place)] { return value }
      if code.is(place, "true") { return .boolean(true) }
      if code.is(place, "false") { return .boolean(false) }
      return code.is(place, "undefined") ? .undefined : .unknown
    case .punctuator:
      if code.is(place, "(") { return inner(code.inside(place)) }
      return code.is(place, "{") ? .object(place) : .unknown
    case .templateMiddle, .templateTail: return .unknown
    }
  }

  /// Another expression within this one.
  private func inner(_ places: Range<Int>) -> JavaScriptValue {
    guard depth < Self.depthMax else { return .unknown }
    var reader = ConstantExpression(
      places, of: code, variables: variables, properties: properties, tables: tables)
    reader.depth = depth + 1
    return reader.value()
  }

  private func template() -> JavaScriptValue {
    guard let tail = code.partner(place) else {
      return code.string(place).map { .text($0) } ?? .unknown
    }
    var text = code.templateText(place)
    var start = place + 1
    var next = start
    while next <= tail {
      if code.kind(next) == .templateMiddle || next == tail {
        guard let written = inner(start..<next).written else { return .unknown }
        text += written + code.templateText(next)
        start = next + 1
        next = start
      } else {
        next = code.next(next)
      }
    }
    return .text(text)
  }

  private func element(_ key: JavaScriptValue, of value: JavaScriptValue) -> JavaScriptValue {
    guard case .object(let opener) = value, let key = key.written else { return .unknown }
    guard let found = tables.value(of: key, at: opener, in: code) else { return .undefined }
    return inner(found)
  }

  /// `test`, `concat`, `slice` from the start, and what the program defines.
  private mutating func call(_ name: String, of value: JavaScriptValue) -> JavaScriptValue {
    guard code.is(place + 1, "("), let closer = code.partner(place + 1), closer < end else {
      place = min(place + 1, end)
      return .unknown
    }
    let arguments = code.split(code.inside(place + 1)).map { inner($0) }
    place = closer + 1
    switch (name, value) {
    case ("test", .regex(let regex)):
      guard arguments.count == 1, let text = arguments[0].written else { return .unknown }
      return SimpleRegex(code.text(regex))?.matches(text).map { .boolean($0) } ?? .unknown
    case ("concat", .text): return arguments.reduce(value) { Self.sum($0, $1) }
    case ("slice", .text(let text)):
      guard arguments.count == 2, arguments[0] == .number(0), case .number(let end) = arguments[1],
        end >= 0, end < 256
      else { return .unknown }
      return .text(String(text.prefix(Int(end))))
    default: return properties[name].map { .text($0) } ?? .unknown
    }
  }

  private mutating func take(_ mark: StaticString) -> Bool {
    guard place < end, code.is(place, mark) else { return false }
    place += 1
    return true
  }
}
