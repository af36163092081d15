extension JavaScriptCode {
  /// Where the variable at `place` gets its value: what is assigned to it, or the function that has
  /// its name. Nil for a parameter, for a name that is nowhere assigned, and when the
  /// text's budget is spent.
  ///
  /// Looks outward from the innermost brackets, as scopes nest; a block counts as a scope whatever
  /// declares the variable, since minified code declares at the top and assigns further down.
  func definition(of place: Int) -> Range<Int>? {
    if isInParameters(place) { return nil }
    let name = text(place)
    var inner = place
    while true {
      let opener = parent(inner)
      let scope = opener.map { inside($0) } ?? all
      if isArrowParameter(name, at: inner, in: scope) { return nil }
      switch declaration(of: name, in: scope) {
      case .some(let value): return value
      case nil: break
      }
      guard let opener, !budget.isSpent else { return nil }
      if isParameter(name, ofBody: opener) { return nil }
      inner = opener
    }
  }

  /// Whether the word at `place` is one of the names before a function's body.
  private func isInParameters(_ place: Int) -> Bool {
    if self.is(place + 1, "=>") { return true }
    guard let opener = parent(place), self.is(opener, "("), let closer = partner(opener) else {
      return false
    }
    return self.is(closer + 1, "=>") || self.is(opener - 1, "function")
      || self.is(opener - 2, "function")
  }

  /// The value of the first `name = …` or `function name(…) {…}` directly in `scope` or in the head
  /// of a loop there; nil within for a name that is declared without, nil for none at all.
  private func declaration(
    of name: String, in scope: Range<Int>
  ) -> Range<Int>?? {
    let letters = Array(name.utf8)
    var isDeclared = false
    var isDeclaring = false
    var place = scope.lowerBound
    while place < scope.upperBound, !budget.isSpent {
      budget.spend()
      let token = tokens[place]
      if token.kind == .name {
        if Int(token.end - token.start) == letters.count,
          bytes[Int(token.start)..<Int(token.end)].elementsEqual(letters)
        {
          if self.is(place + 1, "="), isVariable(place) {
            return .some((place + 2)..<endOfExpression(place + 2))
          }
          if self.is(place - 1, "function"), let closer = partner(place + 1) {
            return .some((place - 1)..<next(closer + 1))
          }
          if isDeclaring, isDeclarator(place) { isDeclared = true }
        } else if self.is(place, "var") || self.is(place, "let") || self.is(place, "const") {
          isDeclaring = true
        }
      } else if self.is(place, ";") {
        isDeclaring = false
      }
      place = self.is(place, "(") && self.is(place - 1, "for") ? place + 1 : next(place)
    }
    return isDeclared ? .some(nil) : nil
  }

  private func isDeclarator(_ place: Int) -> Bool {
    ["var", "let", "const", ","].contains(text(place - 1))
  }

  /// Whether `name` is a parameter of an arrow function in `scope` whose body holds `place`.
  private func isArrowParameter(
    _ name: String, at place: Int, in scope: Range<Int>
  ) -> Bool {
    var start = scope.lowerBound
    while start < place, !budget.isSpent {
      budget.spend()
      if self.is(start, "=>"), endOfExpression(start + 1) > place {
        let before = start - 1
        if text(before) == name { return true }
        if let opener = partner(before), opener < before, names(name, opener) { return true }
      }
      start = next(start)
    }
    return false
  }

  /// Whether `name` is a parameter of the function whose body opens at `opener`.
  private func isParameter(_ name: String, ofBody opener: Int) -> Bool {
    guard self.is(opener, "{") else { return false }
    let closer = self.is(opener - 1, "=>") ? opener - 2 : opener - 1
    if self.is(opener - 1, "=>"), text(closer) == name { return true }
    guard self.is(closer, ")"), let parameters = partner(closer) else { return false }
    return names(name, parameters)
  }

  private func names(_ name: String, _ opener: Int) -> Bool {
    split(inside(opener)).contains { text($0.lowerBound) == name }
  }
}
