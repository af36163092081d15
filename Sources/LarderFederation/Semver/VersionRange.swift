/// A range of versions in the compiled form that webpack puts into bundles.
///
/// Either one comparator, or a program over comparators in postfix order. Comparators say how many
/// leading pieces must be equal; the rest must be at least (or, below -0, less than) what stands
/// there.
package struct VersionRange: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case test(Comparator)
    case not
    case or
    case and
  }

  /// `[fixed, pieces...]`. `fixed` of 0 is `>=`, 1 `^`, 2 `~`, more `=`; below zero it is `-1 -
  /// fixed` negated: `<`.
  struct Comparator: Hashable, Sendable {
    let fixed: Int
    let parts: [VersionPart]
  }

  /// One `.test` alone is a plain comparator; anything longer is a program.
  let steps: [Step]

  init(steps: [Step]) { self.steps = steps }

  /// The steps as the runtime takes them: within a program its loose equality reads `[1]` and `[2]`,
  /// which `^` and `~` without a version compile to, as the operators.
  private var program: [Step] {
    if steps.count == 1 { return steps }
    return steps.map { step in
      switch step {
      case .test(let comparator) where comparator.parts.isEmpty && comparator.fixed == 1: .or
      case .test(let comparator) where comparator.parts.isEmpty && comparator.fixed == 2: .and
      default: step
      }
    }
  }

  /// Whether the runtime looks at the version at all; not for `^ || ~`, which is operators alone.
  package var readsVersions: Bool {
    program.contains { if case .test = $0 { true } else { false } }
  }

  /// Whether webpack's runtime accepts `version` for this range.
  package func accepts(_ version: PackageVersion) -> Bool {
    var stack: [Bool] = []
    func pop() -> Bool { stack.popLast() ?? false }
    for step in program {
      switch step {
      case .test(let comparator): stack.append(comparator.accepts(version))
      case .not: stack.append(!pop())
      case .or:
        let (right, left) = (pop(), pop())
        stack.append(right || left)
      case .and:
        let (right, left) = (pop(), pop())
        stack.append(right && left)
      }
    }
    return pop()
  }

  /// The array literal that webpack writes into bundles, holes included: `[,[1,1],0,[0,1],2]`.
  package var compiled: String {
    if steps.count == 1, case .test(let comparator) = steps[0] { return comparator.compiled }
    let items = steps.map { step in
      switch step {
      case .test(let comparator): comparator.compiled
      case .not: "0"
      case .or: "1"
      case .and: "2"
      }
    }
    return "[," + items.joined(separator: ",") + "]"
  }
}

extension VersionRange: CustomStringConvertible {
  /// The range as webpack's messages and module identifiers show it: `>=1.0.0 (<2.0.0 || =2.0.0)`.
  package var description: String {
    if steps.count == 1, case .test(let comparator) = steps[0] { return comparator.description }
    var stack: [WrittenPart] = []
    func pop() -> WrittenPart { stack.popLast() ?? WrittenPart("") }
    for step in steps {
      switch step {
      case .test(let comparator): stack.append(WrittenPart(comparator.description))
      case .not: stack.append(WrittenPart("not(" + pop().bare + ")"))
      case .or:
        var text = pop().bare
        text += " || "
        text += pop().bare
        stack.append(WrittenPart(text, inBrackets: true))
      case .and:
        var text = pop().whole
        text += " "
        text += pop().whole
        stack.append(WrittenPart(text))
      }
    }
    return pop().bare
  }
}

/// A part of a range's text. Its brackets are kept apart, so that a part that grows alternative by
/// alternative is not copied each time.
private struct WrittenPart {
  private let text: String
  private let inBrackets: Bool

  init(_ text: String, inBrackets: Bool = false) {
    self.text = text
    self.inBrackets = inBrackets
  }

  var whole: String { inBrackets ? "(" + text + ")" : text }

  /// Without its brackets. As webpack does: by the first and last character alone, whether or not
  /// they belong together.
  var bare: String {
    if inBrackets { return text.isEmpty ? whole : text }
    return text.utf8.count > 2 && text.hasPrefix("(") && text.hasSuffix(")")
      ? String(text.dropFirst().dropLast()) : text
  }
}

extension VersionRange.Comparator: CustomStringConvertible {
  var description: String {
    if parts.isEmpty { return "*" }
    var text =
      switch fixed {
      case 0: ">="
      case -1: "<"
      case 1: "^"
      case 2: "~"
      case 3...: "="
      default: "!="
      }
    var needsDot = false
    for part in parts {
      if part == .prerelease {
        text += "-"
        needsDot = false
      } else {
        text += (needsDot ? "." : "") + part.written
        needsDot = true
      }
    }
    return text
  }

  var compiled: String {
    let items = parts.map { part in
      switch part {
      case .number(let value): JavaScriptNumber.text(of: value) ?? String(value)
      case .text(let text): "\"\(text)\""
      case .prerelease, .build: ""
      }
    }
    return "[" + ([String(fixed)] + items).joined(separator: ",") + "]"
  }
}
