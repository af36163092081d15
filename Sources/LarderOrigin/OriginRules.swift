import LarderCore

/// The origins that somebody may have asked: all, none, or those that a pattern names.
package struct OriginRules: Hashable, Sendable {
  /// Scheme and port as written; a host, or what hosts end with.
  private struct Pattern: Hashable, Sendable {
    let origin: Origin
    /// Whether `origin.host` stands for every host below it, itself excluded.
    let isSuffix: Bool

    func matches(_ other: Origin) -> Bool {
      guard other.scheme == origin.scheme, other.port == origin.port else { return false }
      return isSuffix ? other.host.hasSuffix(".\(origin.host)") : other.host == origin.host
    }
  }

  /// Nil where every origin may be asked.
  private let patterns: [Pattern]?

  package static let any = OriginRules(patterns: nil)
  package static let none = OriginRules(patterns: [])

  private init(patterns: [Pattern]?) { self.patterns = patterns }

  /// Reads patterns: `https://host`, `http://host:3000`, `https://*.host` for every host below one,
  /// `*` for every origin. A port that is not written is the scheme's own.
  ///
  /// - Throws: `badURL` for a text that is none of these.
  package init(_ texts: [String]) throws(OriginError) {
    var patterns: [Pattern] = []
    var isAny = false
    for text in texts {
      if text == "*" {
        isAny = true
        continue
      }
      let parts = text.splitOnce("://*.")
      let url = try OriginURL(parts.1.map { "\(parts.0)://\($0)" } ?? text)
      guard url.path == "/", url.query == nil else {
        throw .badURL(text, "an origin is a scheme, a host and a port, without a path")
      }
      patterns.append(Pattern(origin: url.origin, isSuffix: parts.1 != nil))
    }
    self.patterns = isAny ? nil : patterns
  }

  /// Why an origin may not be asked; nil if it may.
  package func objection(to origin: Origin) -> String? {
    guard let patterns, !patterns.contains(where: { $0.matches(origin) }) else { return nil }
    return "\(origin) is no origin that this realm fetches from"
  }
}
