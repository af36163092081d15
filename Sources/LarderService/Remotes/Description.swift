import LarderCore
import LarderFederation

/// The file that describes a deploy, its `stats.json`, a manifest or the entry, and where its files
/// are.
struct Description: Hashable, Sendable {
  /// The folder's URL, ending in `/`.
  let base: String
  /// Below the base: `stats.json`, `mf-manifest.json`, `remoteEntry.js`, …
  let path: String
  let stat: BlobStat
  /// What to ask the origin with, to learn whether it still describes the same deploy.
  let validators: Validators

  /// The name of a build's description in its output folder, where a release has one apart.
  static let fileName = StatsImporter.fileName

  /// The URL of a file below the base, its path percent-encoded (RFC 3986, section 3.3).
  func url(of path: String) -> String { Self.url(of: path, below: base) }

  /// As `url(of:)`, for a base that was not described yet.
  static func url(of path: String, below base: String) -> String { base + encoded(path) }

  /// A URL as people write it: that of the folder, with or without its slash, or of a file in it.
  static func base(of url: String) -> String {
    let url = withoutQuery(url)
    if file(in: url) != nil, let slash = url.lastIndex(of: "/") { return String(url[...slash]) }
    return url.hasSuffix("/") ? url : url + "/"
  }

  /// The file that a URL names in place of a folder: code or JSON.
  static func file(in url: String) -> String? {
    let url = withoutQuery(url)
    guard let slash = url.lastIndex(of: "/"),
      AssetKind(path: url) == .script || url.hasSuffix(".json")
    else { return nil }
    return String(url[url.index(after: slash)...])
  }

  /// `remoteEntry.js?v=1` and `remoteEntry.js#x` are files of that name.
  private static func withoutQuery(_ url: String) -> String {
    String(url.prefix { $0 != "?" && $0 != "#" })
  }

  /// Whether statistics describe the deploy.
  var isStatistics: Bool { path == Description.fileName }

  private static func encoded(_ path: String) -> String {
    var text = ""
    for byte in path.utf8 {
      let character = Character(UnicodeScalar(byte))
      if byte < 0x80,
        character.isLetter || character.isNumber || "-._~!$&'()*+,;=:@/".contains(character)
      {
        text.append(character)
      } else {
        text += "%" + Hex.encode([byte]).uppercased()
      }
    }
    return text
  }
}
