import LarderCore
import LarderFederation

/// The `stats.json` that describes a deploy, or the entry whose code does, and where its files are.
struct Description: Hashable, Sendable {
  /// The folder's URL, ending in `/`.
  let base: String
  /// Below the base: `stats.json`, or the entry.
  let path: String
  let stat: BlobStat
  /// What to ask the origin with, to learn whether it still describes the same deploy.
  let validators: Validators

  /// The name of a build's description in its output folder.
  static let fileName = "stats.json"

  /// The URL of a file below the base, its path percent-encoded (RFC 3986, section 3.3).
  func url(of path: String) -> String { Self.url(of: path, below: base) }

  /// As `url(of:)`, for a base that was not described yet.
  static func url(of path: String, below base: String) -> String { base + encoded(path) }

  /// A URL as people write it: that of the folder, with or without its slash, or of the entry in it,
  /// which ends in `.js`.
  static func base(of url: String) -> String {
    if entry(in: url) != nil, let slash = url.lastIndex(of: "/") { return String(url[...slash]) }
    return url.hasSuffix("/") ? url : url + "/"
  }

  /// The file that a URL names in place of a folder.
  static func entry(in url: String) -> String? {
    guard let slash = url.lastIndex(of: "/"), AssetKind(path: url) == .script else { return nil }
    return String(url[url.index(after: slash)...])
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
