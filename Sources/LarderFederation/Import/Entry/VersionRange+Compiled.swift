extension VersionRange {
  /// Reads the array that webpack compiles a range to: `[1, 18, 2]`, `[, [1, 1], [0, 2], 1]`; nil
  /// for a list of another form.
  init?(compiled places: Range<Int>, in code: JavaScriptCode) {
    guard let elements = code.array(places), let first = elements.first else { return nil }
    guard first.isEmpty else {
      guard let comparator = Comparator(elements, in: code) else { return nil }
      self.init(steps: [.test(comparator)])
      return
    }
    // A hole in the first place: a program in postfix order.
    var steps: [Step] = []
    for element in elements.dropFirst() {
      if let operation = code.integer(element) {
        guard let step: Step = [0: .not, 1: .or, 2: .and][operation] else { return nil }
        steps.append(step)
      } else if let parts = code.array(element), let comparator = Comparator(parts, in: code) {
        steps.append(.test(comparator))
      } else {
        return nil
      }
    }
    self.init(steps: steps)
  }
}

extension VersionRange.Comparator {
  fileprivate init?(_ elements: [Range<Int>], in code: JavaScriptCode) {
    guard let first = elements.first, let fixed = code.integer(first) else { return nil }
    var parts: [VersionPart] = []
    for element in elements.dropFirst() {
      if element.isEmpty {
        parts.append(.prerelease)
      } else if let text = code.string(element) {
        parts.append(.text(text))
      } else if let value = code.integer(element) {
        parts.append(.number(Double(value)))
      } else {
        return nil
      }
    }
    self.init(fixed: fixed, parts: parts)
  }
}

extension JavaScriptCode {
  /// The whole number that `places` consists of, with its sign.
  fileprivate func integer(_ places: Range<Int>) -> Int? {
    let isNegative = self.is(places.lowerBound, "-")
    guard places.count == (isNegative ? 2 : 1), let value = number(places.upperBound - 1),
      let whole = Int(exactly: value)
    else { return nil }
    return isNegative ? -whole : whole
  }
}
