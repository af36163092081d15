/// One member of an object literal.
struct JavaScriptMember: Hashable, Sendable {
  /// The name, or the string or number as a property key.
  let key: String
  /// The place of the name.
  let place: Int
  /// The value; of a method its parameters and body.
  let value: Range<Int>
}

/// A function, whichever way it is written.
struct JavaScriptFunction: Hashable, Sendable {
  /// Plain names only: what takes its argument apart has no name here.
  let parameters: [String?]
  /// What stands between the brackets, or the expression behind the arrow.
  let body: Range<Int>
  /// Whether the body is the expression behind an arrow.
  let isExpression: Bool
}

extension JavaScriptCode {
  /// The members of the object literal that opens at `opener`; nil for any other bracket, and for
  /// one that holds anything but named values and methods.
  func members(_ opener: Int) -> [JavaScriptMember]? {
    guard self.is(opener, "{"), let closer = partner(opener), closer > opener else { return nil }
    var members: [JavaScriptMember] = []
    for piece in split((opener + 1)..<closer) {
      let place = behindModifiers(piece.lowerBound)
      guard let key = memberName(place) else { return nil }
      let value: Range<Int>
      if self.is(place + 1, ":") {
        value = (place + 2)..<piece.upperBound
      } else if self.is(place + 1, "(") {
        value = (place + 1)..<piece.upperBound
      } else if place + 1 == piece.upperBound, kind(place) == .name {
        value = piece
      } else {
        return nil
      }
      guard !value.isEmpty else { return nil }
      members.append(JavaScriptMember(key: key, place: place, value: value))
    }
    return members
  }

  /// The members of the object literal that `places` consists of.
  func members(_ places: Range<Int>) -> [JavaScriptMember]? {
    let places = unwrapped(places)
    guard partner(places.lowerBound) == places.upperBound - 1 else { return nil }
    return members(places.lowerBound)
  }

  /// The value that an object literal gives to `key`.
  func value(of key: String, in members: [JavaScriptMember]) -> Range<Int>? {
    members.first { $0.key == key }?.value
  }

  /// The name in `async get()`, `get size()`, `*steps()`.
  private func behindModifiers(_ place: Int) -> Int {
    var place = place
    while self.is(place, "*") || self.is(place, "async") || self.is(place, "get")
      || self.is(place, "set"),
      self.is(place + 1, "*") || memberName(place + 1) != nil
    {
      place += 1
    }
    return place
  }

  private func memberName(_ place: Int) -> String? {
    kind(place) == .name ? text(place) : key(place)
  }

  /// The function that `places` consists of; nil for anything else.
  func function(_ places: Range<Int>) -> JavaScriptFunction? {
    let places = unwrapped(places)
    var place = places.lowerBound
    if self.is(place, "async"), !self.is(place + 1, "=>") { place += 1 }
    if self.is(place, "function") {
      place += 1
      if self.is(place, "*") { place += 1 }
      if kind(place) == .name { place += 1 }
    } else if kind(place) == .name, self.is(place + 1, "=>") {
      return body(of: [text(place)], at: place + 2, until: places.upperBound)
    }
    guard self.is(place, "("), let closer = partner(place) else { return nil }
    let parameters = split(inside(place)).map { $0.count == 1 ? text($0.lowerBound) : nil }
    let behind = closer + 1
    if self.is(behind, "=>") {
      return body(of: parameters, at: behind + 1, until: places.upperBound)
    }
    guard self.is(behind, "{"), partner(behind) == places.upperBound - 1 else { return nil }
    return JavaScriptFunction(
      parameters: parameters, body: inside(behind), isExpression: false)
  }

  private func body(
    of parameters: [String?], at place: Int, until end: Int
  ) -> JavaScriptFunction? {
    guard place < end else { return nil }
    if self.is(place, "{"), partner(place) == end - 1 {
      return JavaScriptFunction(parameters: parameters, body: inside(place), isExpression: false)
    }
    return JavaScriptFunction(parameters: parameters, body: place..<end, isExpression: true)
  }

  /// The expression that a function returns: its body, or what stands behind the only `return` in
  /// it.
  func result(of function: JavaScriptFunction) -> Range<Int>? {
    if function.isExpression { return unwrapped(function.body) }
    let statements = split(function.body, at: ";").filter { !$0.isEmpty }
    guard statements.count == 1, let only = statements.first, self.is(only.lowerBound, "return"),
      only.count > 1
    else { return nil }
    return unwrapped((only.lowerBound + 1)..<only.upperBound)
  }

  /// The end of the expression that begins at `start`: the first `,`, `;` or closing bracket that
  /// belongs to no inner bracket, or the place where two values meet, which is where a statement
  /// begins whose predecessor has no semicolon.
  func endOfExpression(_ start: Int) -> Int {
    var place = start
    while place < count {
      if self.is(place, ",") || self.is(place, ";") { return place }
      if let other = partner(place), other < place { return place }
      if place > start, startsValue(place), endsValue(place - 1) { return place }
      place = next(place)
    }
    return count
  }

  /// Names that stand between or before values.
  private static let operators: Set<String> = [
    "in", "of", "instanceof", "typeof", "new", "delete", "void", "await", "yield", "async",
    "function", "class", "extends", "return", "throw", "case", "else", "do", "get", "set", "static",
  ]

  private func startsValue(_ place: Int) -> Bool {
    switch kind(place) {
    case .number, .string, .regex: true
    case .name: !["in", "of", "instanceof", "extends"].contains(text(place))
    default: false
    }
  }

  private func endsValue(_ place: Int) -> Bool {
    switch kind(place) {
    case .number, .string, .regex, .templateTail: true
    case .template: partner(place) == nil
    case .name: self.is(place - 1, ".") || !Self.operators.contains(text(place))
    case .punctuator: self.is(place, ")") || self.is(place, "]") || self.is(place, "}")
    default: false
    }
  }
}
