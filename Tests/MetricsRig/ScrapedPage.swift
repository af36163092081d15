/// A page of metrics, read as strictly as Prometheus' exposition format 0.0.4 can be: what it leaves
/// open is refused as well.
package struct ScrapedPage: Sendable {
  /// Why a text is no such page.
  package struct Malformed: Error, CustomStringConvertible {
    package let line: Int
    package let reason: String
    package var description: String { "line \(line): \(reason)" }
  }

  /// One `# HELP`, one `# TYPE` and what follows.
  package struct Family: Sendable {
    package let name: String
    package let help: String
    package var type = ""
    package var samples: [Sample] = []
    /// Names of the labels of its samples, `le` aside.
    package var labels: Set<String> {
      Set(samples.flatMap { Array($0.labels.keys) }).subtracting(["le"])
    }
  }

  /// One line with a value.
  package struct Sample: Sendable {
    /// With `_bucket`, `_sum` or `_count` where it is part of a histogram.
    package let name: String
    package let labels: [String: String]
    package let value: Double
  }

  /// In the order of the page.
  package private(set) var families: [Family] = []

  /// - Throws: `Malformed`.
  package init(_ text: String) throws {
    guard text.hasSuffix("\n") else {
      throw Malformed(line: 0, reason: "the page does not end with a line feed")
    }
    var seen: Set<String> = []
    for (index, line) in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      do throws(Reason) { try take(line, &seen) } catch {
        throw Malformed(line: index + 1, reason: "\(error.text): \(line)")
      }
    }
    for family in families {
      do throws(Reason) { try Self.check(family) } catch {
        throw Malformed(line: 0, reason: "\(family.name): \(error.text)")
      }
    }
  }

  /// The value of a series; nil if there is none.
  package func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    families.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
  }

  /// The values of all series of a name.
  package func sum(_ name: String) -> Double {
    families.flatMap(\.samples).filter { $0.name == name }.reduce(0) { $0 + $1.value }
  }

  private struct Reason: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }

  private mutating func take(_ line: Substring, _ seen: inout Set<String>) throws(Reason) {
    if line.hasPrefix("# HELP ") {
      let words = line.dropFirst(7).split(separator: " ", maxSplits: 1)
      guard words.count == 2, Self.isName(words[0]) else { throw Reason("no HELP of a metric") }
      guard !families.contains(where: { $0.name == words[0] }) else {
        throw Reason("a family that is not in one piece")
      }
      families.append(Family(name: String(words[0]), help: String(words[1])))
    } else if line.hasPrefix("# TYPE ") {
      let words = line.dropFirst(7).split(separator: " ")
      guard words.count == 2, let last = families.indices.last, families[last].name == words[0],
        families[last].type.isEmpty, families[last].samples.isEmpty,
        ["counter", "gauge", "histogram"].contains(words[1])
      else { throw Reason("no TYPE behind its HELP") }
      families[last].type = String(words[1])
    } else {
      let sample = try Self.sample(line)
      guard let last = families.indices.last, Self.belongs(sample, to: families[last]) else {
        throw Reason("a sample without its family")
      }
      let labels = sample.labels.sorted { $0.key < $1.key }
      guard seen.insert("\(sample.name) \(labels)").inserted else { throw Reason("twice the same") }
      families[last].samples.append(sample)
    }
  }

  private static func belongs(_ sample: Sample, to family: Family) -> Bool {
    if family.type == "histogram" {
      return ["_bucket", "_sum", "_count"].contains { sample.name == family.name + $0 }
        && (sample.name.hasSuffix("_bucket") == (sample.labels["le"] != nil))
    }
    return !family.type.isEmpty && sample.name == family.name && sample.labels["le"] == nil
  }

  /// `name{label="value",…} number`.
  private static func sample(_ line: Substring) throws(Reason) -> Sample {
    let name = line.prefix { $0 != "{" && $0 != " " }
    guard isName(name) else { throw Reason("no name") }
    var rest = line[name.endIndex...]
    var labels: [String: String] = [:]
    if rest.first == "{" {
      rest = rest.dropFirst()
      while rest.first != "}" {
        let label = rest.prefix { $0 != "=" }
        guard isName(label), !label.contains(":"), rest[label.endIndex...].hasPrefix("=\"") else {
          throw Reason("no label")
        }
        rest = rest[label.endIndex...].dropFirst(2)
        let value = try quoted(&rest)
        guard labels.updateValue(value, forKey: String(label)) == nil else {
          throw Reason("a label twice")
        }
        if rest.first == "," {
          rest = rest.dropFirst()
        } else if rest.first != "}" {
          throw Reason("labels that do not end")
        }
      }
      rest = rest.dropFirst()
      guard !labels.isEmpty else { throw Reason("empty braces") }
    }
    guard rest.first == " ", let value = number(rest.dropFirst()) else { throw Reason("no value") }
    return Sample(name: String(name), labels: labels, value: value)
  }

  /// What stands before the closing quote; takes both off.
  private static func quoted(_ rest: inout Substring) throws(Reason) -> String {
    var value = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return value
      case "\\":
        switch rest.popFirst() {
        case "\\": value.append("\\")
        case "\"": value.append("\"")
        case "n": value.append("\n")
        default: throw Reason("an escape that is none")
        }
      default: value.append(character)
      }
    }
    throw Reason("a quote that does not close")
  }

  private static func number(_ text: Substring) -> Double? {
    if text == "+Inf" { return .infinity }
    guard text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.e".contains($0)) }) else {
      return nil
    }
    return Double(text)
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter || first == "_" else {
      return false
    }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
  }

  /// What holds for a family as a whole: names by its type, histograms that add up.
  private static func check(_ family: Family) throws(Reason) {
    guard !family.type.isEmpty else { throw Reason("no TYPE") }
    if family.type == "counter" {
      guard family.name.hasSuffix("_total") else { throw Reason("a counter ends in _total") }
      guard family.samples.allSatisfy({ $0.value >= 0 }) else { throw Reason("a count below 0") }
    }
    guard family.type == "histogram" else { return }
    let series = Dictionary(grouping: family.samples) { sample in
      sample.labels.filter { $0.key != "le" }
    }
    for (_, samples) in series {
      let buckets = samples.filter { $0.name.hasSuffix("_bucket") }
      let bounds = buckets.compactMap { $0.labels["le"].flatMap { number($0[...]) } }
      guard bounds.count == buckets.count, bounds == bounds.sorted(), bounds.last == .infinity
      else {
        throw Reason("buckets whose bounds do not rise to +Inf")
      }
      let counts = buckets.map(\.value)
      guard counts == counts.sorted(),
        samples.first(where: { $0.name.hasSuffix("_count") })?.value == counts.last,
        samples.contains(where: { $0.name.hasSuffix("_sum") })
      else { throw Reason("buckets that do not add up") }
    }
  }
}
