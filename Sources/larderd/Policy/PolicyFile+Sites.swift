import LarderCore
import LarderGateway
import LarderService

extension PolicyFile {
  /// What the public may load under some names, and from where it comes.
  struct Site: Sendable {
    /// As `Host` has them.
    var hosts: [String]
    /// A path; the root if nil.
    var base: String?
    var realm: String
    /// Base URLs by remote.
    var remotes: [String: [String]]
    /// Web origins whose pages may load from it; nil for everybody's.
    var pages: [String]?
    /// As people write durations.
    var fresh: String?
    var staleWhileRevalidate: String?
    var sourceMaps: Bool?
  }

  /// Names that a daemon answers to, each of which is looked up for each request.
  static let hostsMax = 1_024

  /// - Throws: for a site without a name, a name that two have, a realm that is not named, and what
  ///   is no path, web origin or duration.
  func checkedSites(_ file: String) throws(DaemonError) -> [SiteOptions] {
    var names: Set<String> = []
    var found: [SiteOptions] = []
    for site in sites {
      let label = site.hosts.first ?? "(without a name)"
      func wrong(_ reason: String) -> DaemonError {
        DaemonError(policy: file, "site '\(label)': \(reason)")
      }
      guard !site.hosts.isEmpty else { throw wrong("give it 'hosts'") }
      for host in site.hosts {
        guard GatewaySettings.isHost(host) else {
          throw wrong("'\(host)' is no name in lower case without a port")
        }
        guard names.insert(host).inserted else { throw wrong("'\(host)' is named twice") }
      }
      guard realms[site.realm] != nil else {
        throw wrong("it shows realm '\(site.realm)', which is not named under 'realms'")
      }
      guard !site.remotes.isEmpty, site.remotes.allSatisfy({ !$0.value.isEmpty }) else {
        throw wrong("give it 'remotes', each with the URLs that it comes from")
      }
      guard let mount = Mount(path: site.base ?? "/") else {
        throw wrong("'base' is a path of plain names, not '\(site.base ?? "")'")
      }
      for origin in site.pages ?? [] where !GatewaySettings.isOrigin(origin) {
        throw wrong("'pages' has web origins as in https://shop.example, not '\(origin)'")
      }
      let freshness = Freshness(
        fresh: try duration(site.fresh, "fresh", wrong),
        staleWhileRevalidate: try duration(
          site.staleWhileRevalidate, "staleWhileRevalidate", wrong))
      found.append(
        SiteOptions(
          hosts: Set(site.hosts), mount: mount, realm: site.realm, remotes: site.remotes,
          pages: site.pages.map { Set($0) }, freshness: freshness,
          showsSourceMaps: site.sourceMaps ?? false))
    }
    guard names.count <= Self.hostsMax else {
      throw DaemonError(policy: file, "its sites have more than \(Self.hostsMax) names")
    }
    return found
  }

  private func duration(
    _ text: String?, _ member: String, _ wrong: (String) -> DaemonError
  ) throws(DaemonError) -> Duration {
    guard let text else { return .zero }
    guard let duration = Duration(written: text), (.zero...Freshness.max).contains(duration) else {
      throw wrong("'\(member)' is 0s to 7d, such as 10s, not '\(text)'")
    }
    return duration
  }
}

extension PolicyFile.Site: Decodable {
  private enum Member: String, CodingKey, CaseIterable {
    case hosts, base, realm, remotes, pages, fresh, staleWhileRevalidate, sourceMaps
  }

  init(from decoder: any Decoder) throws {
    let members = try decoder.members(Member.self)
    hosts = try members.decode([String].self, forKey: .hosts)
    base = try members.decodeIfPresent(String.self, forKey: .base)
    realm = try members.decode(String.self, forKey: .realm)
    remotes = try members.decode([String: [String]].self, forKey: .remotes)
    pages = try members.decodeIfPresent([String].self, forKey: .pages)
    fresh = try members.decodeIfPresent(String.self, forKey: .fresh)
    staleWhileRevalidate = try members.decodeIfPresent(
      String.self, forKey: .staleWhileRevalidate)
    sourceMaps = try members.decodeIfPresent(Bool.self, forKey: .sourceMaps)
  }
}
