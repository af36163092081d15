import FoundationEssentials

/// The identifiers by which webpack's statistics tell federation modules apart, taken to pieces.
enum ModuleIdentifier {
  struct ContainerEntry {
    let scope: String
    /// The names of the exposed modules, in the order of the build.
    let exposes: [String]
  }

  struct Provide {
    let scope: String
    let key: String
    let version: String
    let path: String
  }

  struct Consume {
    let scope: String
    let key: String
    let range: String?
    let strict: Bool
    let path: String?
    let singleton: Bool
    let eager: Bool
  }

  struct Remote {
    let scope: String
    let references: [String]
    let expose: String
  }

  /// `container entry (<scope>) [["./X",{"import":["…"]}],…]`
  static func containerEntry(_ text: String) -> ContainerEntry? {
    guard let (scope, list) = scoped(text, after: "container entry ") else { return nil }
    struct Pair: Decodable {
      let name: String
      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        name = try container.decode(String.self)
      }
    }
    // A list that cannot be read is an identifier of another shape, which nil says.
    guard let pairs = try? JSONDecoder().decode([Pair].self, from: Data(list.utf8)) else {
      return nil
    }
    return ContainerEntry(scope: scope, exposes: pairs.map(\.name))
  }

  /// `provide module (<scope>) <key>@<version> = <path>`; a version of `false` is registered as
  /// `0`.
  static func provide(_ text: String) -> Provide? {
    guard let (scope, rest) = scoped(text, after: "provide module "),
      let equals = rest.firstRange(of: " = "),
      let at = rest[..<equals.lowerBound].lastIndex(of: "@"), at != rest.startIndex
    else { return nil }
    let version = String(rest[rest.index(after: at)..<equals.lowerBound])
    return Provide(
      scope: scope, key: String(rest[..<at]),
      version: version == "false" || version == "undefined" ? "0" : version,
      path: String(rest[equals.upperBound...]))
  }

  /// `consume-shared-module|<scope>|<key>|<range>|<strict>|<path>|<singleton>|<eager>`; the range
  /// may itself hold `||`, and the path anything.
  static func consume(_ text: String) -> Consume? {
    let head = text.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
    guard head.count == 4, head[0] == "consume-shared-module" else { return nil }
    let rest = head[3]
    let marks = ["|true|", "|false|"].compactMap { rest.firstRange(of: $0) }
    guard let strict = marks.min(by: { $0.lowerBound < $1.lowerBound }) else { return nil }
    var tail = rest[strict.upperBound...]
    var flags: [Bool] = []
    for _ in 0..<2 {
      guard let bar = tail.lastIndex(of: "|") else { return nil }
      flags.append(tail[tail.index(after: bar)...] == "true")
      tail = tail[..<bar]
    }
    let range = rest[..<strict.lowerBound]
    let path = tail == "undefined" || tail == "false" || tail.isEmpty ? nil : String(tail)
    return Consume(
      scope: String(head[1]), key: String(head[2]),
      range: range == "undefined" || range == "false" ? nil : String(range),
      strict: rest[strict] == "|true|", path: path, singleton: flags[1], eager: flags[0])
  }

  /// `remote (<scope>) <reference> … <expose>`
  static func remote(_ text: String) -> Remote? {
    guard let (scope, rest) = scoped(text, after: "remote ") else { return nil }
    // References hold no blank; an expose may, and begins with a dot.
    guard let blank = rest.firstRange(of: " .") else { return nil }
    let references = rest[..<blank.lowerBound].split(separator: " ").map(String.init)
    let expose = rest[rest.index(after: blank.lowerBound)...]
    return references.isEmpty
      ? nil : Remote(scope: scope, references: references, expose: String(expose))
  }

  /// `external <type> "<location>"`; a list of locations is a path into one object, of which the
  /// first names it.
  static func external(_ text: String) -> RemoteLocation? {
    let words = text.split(separator: " ", maxSplits: 2)
    guard words.count == 3, words[0] == "external" else { return nil }
    let data = Data(words[2].utf8)
    // Text, then a list; what is neither is an identifier of another shape, which nil says.
    if let location = try? JSONDecoder().decode(String.self, from: data) {
      return RemoteLocation(type: String(words[1]), location: location)
    }
    guard let list = try? JSONDecoder().decode([String].self, from: data), let first = list.first
    else { return nil }
    return RemoteLocation(type: String(words[1]), location: first)
  }

  private static func scoped(_ text: String, after prefix: String) -> (
    scope: String, rest: Substring
  )? {
    guard text.hasPrefix(prefix + "("), let end = text.firstRange(of: ") ") else { return nil }
    let start = text.index(text.startIndex, offsetBy: prefix.count + 1)
    guard start <= end.lowerBound else { return nil }
    return (String(text[start..<end.lowerBound]), text[end.upperBound...])
  }
}
