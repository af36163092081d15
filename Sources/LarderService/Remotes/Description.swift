import LarderCore

/// The `stats.json` that describes a deploy, and where its files are.
struct Description: Hashable, Sendable {
  /// The folder's URL, ending in `/`.
  let base: String
  let stat: BlobStat
  /// What to ask the origin with, to learn whether it still describes the same deploy.
  let validators: Validators

  /// The name of a build's description in its output folder.
  static let fileName = "stats.json"

  /// The URL of a file below the base, its path percent-encoded (RFC 3986, section 3.3).
  func url(of path: String) -> String { Self.url(of: path, below: base) }

  /// As `url(of:)`, for a base that was not described yet.
  static func url(of path: String, below base: String) -> String { base + encoded(path) }

  /// A base URL as people write it, with the slash that makes it a folder.
  static func base(of url: String) -> String { url.hasSuffix("/") ? url : url + "/" }

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
