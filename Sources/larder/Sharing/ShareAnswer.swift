import LarderFederation

/// What `larder share explain` prints of a decision.
struct ShareAnswer: Encodable {
  struct Provider: Encodable {
    let version: String
    let from: String
  }

  /// `shared` or `fallback`; absent beside `error` and `noMatch`.
  let outcome: String?
  let provider: Provider?
  /// Module Federation 2 finds nothing in the scope; what follows is the consumer's own matter.
  let noMatch: Bool?
  /// The runtime's own words, or the name of what makes it throw a TypeError.
  let error: String?
  /// What that name means.
  let message: String?
  let warnings: [String]?
  /// `key@version` of all entries that are marked loaded afterwards.
  let loadedAfter: [String]?
  let rule: String
  let reason: String

  init(_ decision: ShareDecision, loadedAfter: [String]?) {
    let isNoMatch = decision.rule == .noMatch
    var (outcome, provider, error, message) = (
      String?.none, Provider?.none, String?.none, String?.none
    )
    switch decision.outcome {
    case .shared(let entry):
      outcome = "shared"
      provider = Provider(version: entry.version, from: entry.from)
    case .fallback: outcome = isNoMatch ? nil : "fallback"
    case .failure(let failure) where !isNoMatch:
      error = failure.kind.name ?? failure.message
      message = failure.kind.name == nil ? nil : failure.message
    case .failure: break
    }
    (self.outcome, self.provider, self.error, self.message) = (outcome, provider, error, message)
    noMatch = isNoMatch ? true : nil
    warnings = decision.warnings.isEmpty ? nil : decision.warnings
    self.loadedAfter = loadedAfter
    rule = decision.rule.rawValue
    reason = decision.reason
  }

  /// For people.
  var lines: String {
    var table = Table()
    let result = provider.map { "\($0.version) from \($0.from)" } ?? outcome ?? error ?? "no match"
    table.add("gets", result.split(separator: "\n").first.map(String.init) ?? result)
    for line in result.split(separator: "\n").dropFirst() { table.add("", String(line)) }
    table.add("rule", rule)
    table.add("reason", reason)
    if let message { table.add("means", message) }
    for warning in warnings ?? [] {
      for (index, line) in warning.split(separator: "\n").enumerated() {
        table.add(index == 0 ? "warns" : "", String(line))
      }
    }
    if let loadedAfter { table.add("loaded", loadedAfter.joined(separator: ", ")) }
    return table.lines
  }
}
