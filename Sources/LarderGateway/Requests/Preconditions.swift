import HTTPTypes

/// What a request makes its answer depend on (RFC 9110, 13).
struct Preconditions: Sendable {
  private let ifMatch: String?
  private let ifNoneMatch: String?
  private let ifRange: String?
  private let range: String?

  init(_ fields: HTTPFields) {
    ifMatch = fields[.ifMatch]
    ifNoneMatch = fields[.ifNoneMatch]
    ifRange = fields[.ifRange]
    range = fields[.range]
  }

  /// What they come to.
  enum Outcome: Hashable {
    case send(ByteRange)
    case notModified
    case failed
  }

  /// - Parameter tag: the strong entity tag of what is here, with its quotes.
  func outcome(for tag: String, size: Int64) -> Outcome {
    if let ifMatch, !Self.list(ifMatch, names: tag, weakly: false) { return .failed }
    if let ifNoneMatch, Self.list(ifNoneMatch, names: tag, weakly: true) { return .notModified }
    // A date names nothing here: there is none to compare it with.
    if let ifRange, ifRange != tag { return .send(.whole) }
    return .send(ByteRange(range, of: size))
  }

  private static func list(_ field: String, names tag: String, weakly: Bool) -> Bool {
    field.split(separator: ",").contains { part in
      let part = part.drop { $0 == " " || $0 == "\t" }
      let name =
        part.last.map { $0 == " " || $0 == "\t" } == true
        ? part.prefix { $0 != " " && $0 != "\t" } : part
      return name == "*" || name == tag || (weakly && name == "W/" + tag)
    }
  }
}
