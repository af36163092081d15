import LarderCoding

/// The content codings that a caller takes (RFC 9110, 12.5.3), those to choose first.
enum AcceptedCodings {
  /// - Parameter field: `Accept-Encoding`; without one, only what is not encoded is sent.
  static func list(_ field: String?) -> [ContentCoding] {
    guard let field else { return [] }
    var weights: [ContentCoding: Int] = [:]
    var others = 0
    for part in field.split(separator: ",") {
      let words = part.split(separator: ";", maxSplits: 1).map { trimmed($0).lowercased() }
      guard let name = words.first, let weight = weight(words.count > 1 ? words[1] : nil) else {
        continue
      }
      if name == "*" {
        others = weight
      } else if let coding = ContentCoding(rawValue: name == "x-gzip" ? "gzip" : name) {
        weights[coding] = weight
      }
    }
    let all = ContentCoding.allCases.map { (coding: $0, weight: weights[$0] ?? others) }
    // Sorting keeps what saves most in front where weights are equal.
    return all.filter { $0.weight > 0 }.enumerated()
      .sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
      .map(\.element.coding)
  }

  /// Thousandths of `q=0.5`; 1,000 without one, nil for what is none.
  private static func weight(_ parameter: String?) -> Int? {
    guard let parameter else { return 1_000 }
    guard parameter.hasPrefix("q=") else { return nil }
    let digits = parameter.dropFirst(2).split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(digits.count), digits[0] == "0" || digits[0] == "1" else { return nil }
    let fraction = digits.count == 2 ? digits[1] : ""
    guard fraction.utf8.count <= 3,
      let thousandths = Int(fraction + String(repeating: "0", count: 3 - fraction.utf8.count)),
      fraction.allSatisfy(\.isNumber)
    else { return nil }
    let weight = digits[0] == "1" ? 1_000 + thousandths : thousandths
    return weight <= 1_000 ? weight : nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let text = text.drop { $0 == " " || $0 == "\t" }
    guard let end = text.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return text[...end]
  }
}
