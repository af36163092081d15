import HTTPTypes
import LarderService

/// Whose requests are answered.
///
/// A browser sends requests to a loopback port for any page that it shows, and says for which: by
/// `Origin` where the page may read the answer, by `Sec-Fetch-Site` and `Referer` (Fetch, and Fetch
/// Metadata) where it may only run or show it. `Host` tells a name that somebody else's server
/// resolves to this machine (DNS rebinding) from its own. Programs that are no browser send none of
/// these but `Host`; they need the key alone, like everybody.
struct CallerRules: Sendable {
  /// Besides this machine's own, if those count.
  private let hosts: Set<String>
  /// Besides those of this machine; nil for everybody's.
  private let origins: Set<String>?
  /// Whether this machine's names and pages count.
  private let isLocal: Bool

  /// For this machine's own pages, and those of these origins.
  init(hosts: Set<String>, origins: Set<String>) {
    self.hosts = hosts
    self.origins = origins
    isLocal = true
  }

  /// For a site of the public.
  ///
  /// - Parameter origins: whose pages may load from it; nil for everybody's.
  init(site hosts: Set<String>, origins: Set<String>?) {
    self.hosts = hosts
    self.origins = origins
    isLocal = false
  }

  /// What `admit` returns where any page may read the answer.
  static let everybody = "*"

  /// Whether answers are the same for everybody, and shared caches may keep them.
  var isPublic: Bool { origins == nil }

  /// - Returns: the web origin that may read the answer; nil where no browser said one.
  /// - Throws: a refusal, of status 421 for a name that is not this gateway's and 403 for a page that
  ///   may not load from it.
  func admit(_ fields: HTTPFields, authority: String?) throws(Refusal) -> String? {
    guard let authority, isOwn(authority) else {
      throw Refusal(
        .misdirectedRequest, .notPermitted,
        "this gateway is not asked for as '\((authority ?? "").prefix(80))'",
        remedy: isLocal
          ? "use localhost, or start larderd with --gateway-host NAME"
          : "ask for a name that is a site's")
    }
    if isPublic { return Self.everybody }
    let origin = fields[.origin]
    if let origin, !isAdmitted(origin) { throw refusal(of: origin) }
    switch fields[.secFetchSite] {
    case nil, "same-origin", "same-site", "none": return origin
    case "cross-site":
      // A script or an image of a page has no Origin. The page's site can be withheld, not forged.
      if origin != nil { return origin }
      guard let referrer = fields[.referer].flatMap(Self.origin(ofURL:)), isAdmitted(referrer)
      else { throw refusal(of: fields[.referer].flatMap(Self.origin(ofURL:))) }
      return nil
    default:
      throw Refusal(.forbidden, .notPermitted, "the field 'sec-fetch-site' is none that is known")
    }
  }

  private func refusal(of origin: String?) -> Refusal {
    Refusal(
      .forbidden, .notPermitted,
      "pages of \(origin.map { "'\($0.prefix(200))'" } ?? "another site") may not load from here",
      remedy: isLocal
        ? "start larderd with --gateway-origin URL for sites that may"
        : "the site's 'pages' have to name it")
  }

  /// Whether it is a name of this machine, as `Host` may have it.
  static func isLoopback(authority: String) -> Bool {
    host(ofAuthority: authority.lowercased()).map(isLoopback) == true
  }

  private func isOwn(_ authority: String) -> Bool {
    guard let host = Self.host(ofAuthority: authority.lowercased()) else { return false }
    return (isLocal && Self.isLoopback(host)) || hosts.contains(String(host))
  }

  private func isAdmitted(_ origin: String) -> Bool {
    if origins?.contains(origin) != false { return true }
    guard isLocal, Self.origin(ofURL: origin) == origin,
      let scheme = ["http://", "https://"].first(where: origin.hasPrefix),
      let host = Self.host(ofAuthority: origin.dropFirst(scheme.count))
    else { return false }
    return Self.isLoopback(host)
  }

  /// Names that browsers lead to this machine without asking anybody (RFC 6761, 6.3; Secure Contexts).
  static func isLoopback(_ host: Substring) -> Bool {
    host == "localhost" || host == "127.0.0.1" || host == "[::1]"
      || (host.hasSuffix(".localhost") && isName(host))
  }

  /// The host of `host[:port]`; nil for what is not of that form.
  static func host(ofAuthority authority: some StringProtocol) -> Substring? {
    let text = Substring(authority)
    let host: Substring
    let rest: Substring
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { return nil }
      host = text[...close]
      rest = text[text.index(after: close)...]
    } else {
      host = text.prefix { $0 != ":" }
      rest = text[host.endIndex...]
      guard isName(host) else { return nil }
    }
    if rest.isEmpty { return host }
    let port = rest.dropFirst()
    guard rest.first == ":", (1...5).contains(port.utf8.count),
      port.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      UInt16(port) != nil
    else { return nil }
    return host
  }

  private static func isName(_ host: Substring) -> Bool {
    !host.isEmpty && !host.hasPrefix(".") && !host.contains("..")
      && host.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  /// `scheme://host[:port]` at the start of a URL.
  static func origin(ofURL url: String) -> String? {
    guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return nil }
    let authority = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
    guard host(ofAuthority: authority) != nil else { return nil }
    return scheme + authority
  }
}
