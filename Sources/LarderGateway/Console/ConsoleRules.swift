import HTTPTypes
import LarderService

/// Whose requests the console answers: its own page's, on this machine, and nobody else's.
///
/// Stricter than the gateway's rules, whose files any page of this machine may load. A script of a
/// remote runs in pages of other origins, or in documents of the gateway's that are sandboxed into
/// one that is none: both are told apart here by `Origin` and `Sec-Fetch-Site`, which no script can
/// set. Programs that are no browser send neither, and need the key like everybody; nothing is
/// changed for them.
struct ConsoleRules: Sendable {
  /// - Parameters:
  ///   - scheme: of the connection: `http` or `https`.
  ///   - authority: what the request asks for, as `Host` has it.
  /// - Throws: a refusal, of status 421 for a name that is not this machine's own, 403 for another
  ///   page, 405 for the method of another route.
  func admit(
    _ method: HTTPRequest.Method, _ fields: HTTPFields, to route: ConsoleRoute, scheme: String?,
    authority: String?
  ) throws(Refusal) {
    guard let authority, CallerRules.isLoopback(authority: authority) else {
      throw Refusal(
        .misdirectedRequest, .notPermitted,
        "the console is not asked for as '\((authority ?? "").prefix(80))'",
        remedy: "use the URL that 'larder console --print' shows")
    }
    guard route.isWrite == (method == .post) else {
      throw Refusal(
        .methodNotAllowed, .badRequest, "\(method.rawValue) is not for this URL",
        remedy: route.isWrite ? "use POST" : "use GET")
    }
    let own = "\(scheme ?? "http")://\(authority)"
    if let origin = fields[.origin], origin != own { throw .foreign }
    let site = fields[.secFetchSite]
    switch route {
    case .page:
      // Whoever leads somebody here knows the key; the page itself is no frame of theirs, and
      // shares no window with them.
      if site != nil, fields[.secFetchMode] != "navigate" { throw .foreign }
      try require(fields, ["document"])
    case .file:
      guard site == nil || site == "same-origin" else { throw .foreign }
      try require(fields, ["script", "style", "image", "empty"])
    case .data, .events:
      guard site == nil || site == "same-origin" else { throw .foreign }
      try require(fields, ["empty"])
    case .switch, .rollback:
      guard fields[.origin] == own, site == "same-origin" else { throw .foreign }
      try require(fields, ["empty"])
      // What a form sends has a type, if it is empty or not.
      guard fields[.contentType] == nil, fields[.contentLength] == "0" else {
        throw Refusal(.badRequest, .badRequest, "a request here has an empty body of no type")
      }
    }
  }

  /// What the browser says it wants the answer for, where it says so.
  private func require(_ fields: HTTPFields, _ destinations: [String]) throws(Refusal) {
    guard let destination = fields[.secFetchDest] else { return }
    guard destinations.contains(destination) else { throw .foreign }
  }
}

extension Refusal {
  fileprivate static let foreign = Refusal(
    .forbidden, .notPermitted, "the console answers its own page alone",
    remedy: "open the URL that 'larder console --print' shows")
}
