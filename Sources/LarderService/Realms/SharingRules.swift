package import LarderOrigin

/// Which origins' packages may serve which consumers of one host.
///
/// What a host brings serves everybody, and everybody is served by its own origin.
package struct SharingRules: Sendable {
  /// Where a container is from, or that it is the host itself.
  package enum Place: Hashable, Sendable {
    case host
    /// Published on this machine.
    case published
    case origin(Origin)
  }

  /// One side of a rule.
  private struct Side: Sendable {
    let origins: OriginRules
    let names: Set<String>

    init(_ texts: [String]) throws(OriginError) {
      names = Set(texts).intersection(["*", "host", "published"])
      origins = try OriginRules(texts.filter { !["host", "published"].contains($0) })
    }

    func has(_ place: Place) -> Bool {
      switch place {
      case .host: !names.isDisjoint(with: ["*", "host"])
      case .published: !names.isDisjoint(with: ["*", "published"])
      case .origin(let origin): origins.objection(to: origin) == nil
      }
    }
  }

  /// Nil where everybody may serve everybody.
  private let rules: [(from: Side, to: Side)]?

  /// As in the runtimes.
  package static let all = SharingRules(rules: nil)
  package static let sameOrigin = SharingRules(rules: [])

  private init(rules: [(from: Side, to: Side)]?) { self.rules = rules }

  /// Beside what an origin does for itself: packages of `from` may serve `to`. Both are patterns as
  /// `OriginRules` takes them, `published` and, of consumers, `host`; `*` is all of these.
  ///
  /// - Throws: `badURL`.
  package init(_ rules: [(from: [String], to: [String])]) throws(OriginError) {
    var read: [(from: Side, to: Side)] = []
    for rule in rules { read.append((try Side(rule.from), try Side(rule.to))) }
    self.rules = read
  }

  var isUnlimited: Bool { rules == nil }

  /// Whether a provider that may be from any of some places may serve a consumer; false for one of
  /// which no place is known.
  func permits(_ providers: Set<Place>, _ consumers: Set<Place>) -> Bool {
    guard let rules else { return true }
    guard !providers.isEmpty, !consumers.isEmpty else { return false }
    return providers.allSatisfy { provider in
      consumers.allSatisfy { consumer in
        provider == consumer || rules.contains { $0.from.has(provider) && $0.to.has(consumer) }
      }
    }
  }
}
