/// A regular expression of letters, sets, groups and alternatives, as bundlers write them to tell
/// identifiers of chunks apart: `/^(2(26|44)|799|a[bc])$/`.
///
/// Matching follows all alternatives at once: it takes time in proportion to the expression times
/// the text, whatever they are.
struct SimpleRegex {
  /// Groups within groups; generated ones nest as deep as identifiers have parts.
  private static let depthMax = 64

  private let pattern: [Character]

  /// - Parameter literal: with its slashes; nil for one with flags.
  init?(_ literal: String) {
    guard literal.count > 2, literal.first == "/", literal.last == "/" else { return nil }
    pattern = Array(literal.dropFirst().dropLast())
  }

  /// Whether the whole of `text` matches; nil for an expression of another form, or one that does
  /// not begin with `^` and end with `$`.
  func matches(_ text: String) -> Bool? {
    guard pattern.count > 1, pattern.first == "^", pattern.last == "$" else { return nil }
    var walk = Walk(pattern: Array(pattern.dropFirst().dropLast()), text: Array(text))
    guard let ends = walk.alternatives([0], depth: 0), walk.place == walk.pattern.count else {
      return nil
    }
    return ends.contains(text.count)
  }

  private struct Walk {
    let pattern: [Character]
    let text: [Character]
    var place = 0

    /// Where matches that begin at `starts` can end.
    mutating func alternatives(_ starts: Set<Int>, depth: Int) -> Set<Int>? {
      guard depth < SimpleRegex.depthMax else { return nil }
      var ends: Set<Int> = []
      var current = starts
      while place < pattern.count, pattern[place] != ")" {
        if pattern[place] == "|" {
          ends.formUnion(current)
          current = starts
          place += 1
          continue
        }
        guard let next = atom(current, depth: depth) else { return nil }
        if place < pattern.count, pattern[place] == "?" {
          place += 1
          current.formUnion(next)
        } else {
          current = next
        }
      }
      return ends.union(current)
    }

    private mutating func atom(_ starts: Set<Int>, depth: Int) -> Set<Int>? {
      let mark = pattern[place]
      place += 1
      switch mark {
      case "(":
        if place + 1 < pattern.count, pattern[place] == "?" {
          guard pattern[place + 1] == ":" else { return nil }
          place += 2
        }
        guard let ends = alternatives(starts, depth: depth + 1), place < pattern.count else {
          return nil
        }
        place += 1
        return ends
      case "[":
        guard let members = members() else { return nil }
        return step(starts) { character in members.contains { $0.contains(character) } }
      case "\\":
        guard place < pattern.count else { return nil }
        let letter = pattern[place]
        place += 1
        if letter == "d" { return step(starts) { ("0"..."9").contains($0) } }
        // `\w` and the like stand for more than themselves.
        if letter.isLetter || letter.isNumber { return nil }
        return step(starts) { $0 == letter }
      case ".", "*", "+", "{", "}", "^", "$", "?": return nil
      default: return step(starts) { $0 == mark }
      }
    }

    private mutating func members() -> [ClosedRange<Character>]? {
      var members: [ClosedRange<Character>] = []
      while place < pattern.count, pattern[place] != "]" {
        if pattern[place] == "\\" { place += 1 }
        guard place < pattern.count, pattern[place] != "^" else { return nil }
        let first = pattern[place]
        place += 1
        if place + 1 < pattern.count, pattern[place] == "-", pattern[place + 1] != "]" {
          let last = pattern[place + 1]
          guard first <= last else { return nil }
          members.append(first...last)
          place += 2
        } else {
          members.append(first...first)
        }
      }
      guard place < pattern.count else { return nil }
      place += 1
      return members
    }

    private func step(_ starts: Set<Int>, _ accepts: (Character) -> Bool) -> Set<Int> {
      Set(starts.filter { $0 < text.count && accepts(text[$0]) }.map { $0 + 1 })
    }
  }
}
