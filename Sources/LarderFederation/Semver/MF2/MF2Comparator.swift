/// A version, or one comparator of a range, as Module Federation 2 reads it: a sign or none, and
/// exactly three numbers (`>=1.2.3-beta.1`).
///
/// Build metadata is read and forgotten. Other texts are neither version nor comparator: `1.2`,
/// `01.2.3` and the `0` of packages without a version satisfy no range.
struct MF2Comparator: Hashable, Sendable {
  enum Sign: String, Sendable {
    case none = ""
    case equal = "="
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="
  }

  let sign: Sign
  /// Major, minor and patch, in digits without leading zeros.
  let numbers: [Substring]
  /// The pieces between dots; nil for a release.
  let prerelease: [Substring]?

  /// Reads `text`, nil where it is not of that form.
  init?(_ text: some StringProtocol) {
    let (sign, rest) = Self.cutSign(Substring(text))
    var scalars = JavaScriptText.trim(rest).unicodeScalars
    // White space is let pass behind the sign alone.
    guard scalars.endIndex == rest.endIndex else { return nil }
    if scalars.first == "v" { scalars.removeFirst() }
    guard let partial = MF2Partial(bare: Substring(scalars)), let minor = partial.minor,
      let patch = partial.patch
    else { return nil }
    let numbers = [partial.major, minor, patch]
    guard !numbers.contains(where: MF2Partial.isAny) else { return nil }
    self.init(sign: sign, numbers: numbers, prerelease: partial.prerelease)
  }

  private init(sign: Sign, numbers: [Substring], prerelease: [Substring]?) {
    self.sign = sign
    self.numbers = numbers
    self.prerelease = prerelease
  }

  /// The same numbers under another sign.
  func with(_ sign: Sign) -> MF2Comparator {
    MF2Comparator(sign: sign, numbers: numbers, prerelease: prerelease)
  }

  /// Whether `version` stands where the sign says; the version's own sign does not count.
  func accepts(_ version: MF2Comparator) -> Bool {
    let isSame = numbers == version.numbers && prerelease == version.prerelease
    return switch sign {
    case .none, .equal: isSame
    case .below: compare(to: version) > 0
    case .atMost: isSame || compare(to: version) > 0
    case .above: compare(to: version) < 0
    case .atLeast: isSame || compare(to: version) < 0
    }
  }

  /// Cuts off `<`, `<=`, `>`, `>=` or `=`.
  static func cutSign(_ text: Substring) -> (Sign, Substring) {
    var rest = text.unicodeScalars
    var sign = ""
    if let first = rest.first, first == "<" || first == ">" {
      sign.unicodeScalars.append(first)
      rest.removeFirst()
    }
    if rest.first == "=" {
      sign += "="
      rest.removeFirst()
    }
    return (Sign(rawValue: sign) ?? .none, Substring(rest))
  }
}

// MARK: - Comparison

extension MF2Comparator {
  /// 1, 0 or -1 as the runtime finds this one above, beside or below `other`; "below" is also what
  /// it says of what cannot be compared.
  private func compare(to other: MF2Comparator) -> Int {
    for (mine, theirs) in zip(numbers, other.numbers) {
      let order = Self.order(mine, theirs)
      if order != 0 { return order }
    }
    switch (prerelease, other.prerelease) {
    case (nil, nil): return 0
    case (nil, _): return 1
    case (_, nil): return -1
    case (let mine?, let theirs?):
      for index in 0... {
        switch (index < mine.count, index < theirs.count) {
        case (false, false): return 0
        // Unlike semantic versioning, the shorter of two is the higher.
        case (false, true): return 1
        case (true, false): return -1
        case (true, true):
          if mine[index] != theirs[index] { return Self.order(mine[index], theirs[index]) }
        }
      }
      return 0
    }
  }

  /// Numbers by value, texts by UTF-16 code units; a number and a text that reads as none are
  /// never above one another.
  private static func order(_ left: Substring, _ right: Substring) -> Int {
    // Zero stays a text, as the runtime's `Number(x) || x` has it.
    func number(_ text: Substring) -> Double? {
      JavaScriptNumber.value(of: text).flatMap { $0 == 0 ? nil : $0 }
    }
    switch (number(left), number(right)) {
    case (nil, nil):
      if JavaScriptNumber.precedes(String(right), String(left)) { return 1 }
      return left == right ? 0 : -1
    case (let low, let high):
      // JavaScript makes numbers of both sides once one is a number.
      guard let low = low ?? JavaScriptNumber.value(of: left),
        let high = high ?? JavaScriptNumber.value(of: right)
      else { return -1 }
      return low > high ? 1 : low == high ? 0 : -1
    }
  }
}
