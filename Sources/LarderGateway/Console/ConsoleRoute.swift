import LarderFederation

/// What a target below the console's key names (docs/console.md has the table).
enum ConsoleRoute: Hashable, Sendable {
  /// The one document.
  case page
  /// What the document loads: a script, a style, an image.
  case file(path: String)
  case data(Data)
  /// What happens, as it happens.
  case events
  case `switch`(remote: String, release: String)
  case rollback(remote: String)

  /// What is told, as JSON.
  enum Data: Hashable, Sendable {
    case remotes
    case remote(String)
    case federation
    case shares
    case plan(remote: String, expose: String, target: ContainerTarget)
    case differences
    case usage
    case statistics
    case history
  }

  /// Whether it changes something, and is asked for with POST.
  var isWrite: Bool {
    switch self {
    case .switch, .rollback: true
    case .page, .file, .data, .events: false
    }
  }

  /// Nil for a target that is not below the key.
  ///
  /// - Parameter target: a path and perhaps a query, as `RequestRules` let it pass.
  /// - Throws: a refusal for what is not there.
  init?(_ target: String, key: GatewayKey) throws(Refusal) {
    let path = target.prefix { $0 != "?" }
    let written = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard let first = written.first, key.matches(first) else { return nil }
    guard written.count > 2, written[1] == "console" else { throw .notFound }
    var segments: [String] = []
    for segment in written.dropFirst(2) {
      guard let segment = PercentCoding.decoded(segment) else { throw .notFound }
      segments.append(segment)
    }
    switch (segments[0], segments.count) {
    case ("", 1): self = .page
    case ("events", 1): self = .events
    case ("switch", 3): self = .switch(remote: segments[1], release: segments[2])
    case ("rollback", 2): self = .rollback(remote: segments[1])
    case ("data", 2...):
      self = .data(try Data(Array(segments[1...]), query: target.dropFirst(path.count + 1)))
    default: self = .file(path: segments.joined(separator: "/"))
    }
  }

  /// Whether POST is the method for a target: then alone a request may have another than GET.
  static func isWrite(_ target: String, key: GatewayKey) -> Bool {
    // What leads nowhere changes nothing.
    (try? ConsoleRoute(target, key: key))?.isWrite == true
  }
}

extension ConsoleRoute.Data {
  /// - Parameters:
  ///   - segments: below `data/`: a kind, and perhaps names.
  ///   - query: `target=…` of a plan.
  fileprivate init(_ segments: [String], query: Substring) throws(Refusal) {
    switch (segments[0], segments.count) {
    case ("remotes", 1): self = .remotes
    case ("remotes", 2): self = .remote(segments[1])
    case ("federation", 1): self = .federation
    case ("shares", 1): self = .shares
    case ("differences", 1): self = .differences
    case ("usage", 1): self = .usage
    case ("statistics", 1): self = .statistics
    case ("history", 1): self = .history
    case ("plan", 3):
      let wanted = query.hasPrefix("target=") ? String(query.dropFirst(7)) : "web"
      guard let target = ContainerTarget(rawValue: wanted) else { throw .notFound }
      self = .plan(remote: segments[1], expose: segments[2], target: target)
    default: throw .notFound
    }
  }
}
