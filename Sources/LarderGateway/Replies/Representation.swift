import LarderCoding
import LarderCore

/// What a route leads to, before anybody asks how much of it is wanted.
struct Representation: Sendable {
  /// Where its bytes are.
  enum Content: Sendable {
    case bytes([UInt8])
    case blob(BlobStat)
  }

  /// How long it holds (RFC 9111).
  enum Lifetime: String, Sendable {
    /// For ever: the URL names the bytes. A year, which is what caches take for that.
    case content = "max-age=31536000, immutable"
    /// Until it is asked for again: what the URL leads to moves.
    case pointer = "no-cache"
  }

  private(set) var content: Content
  private(set) var digest: Digest
  /// With its parameters.
  let mediaType: String
  let lifetime: Lifetime
  /// Where the time went, as `Server-Timing` names it.
  let phase: String
  /// What `content` is encoded with; nil for nothing.
  private(set) var coding: ContentCoding?
  /// Whether somebody else gets it in another coding.
  private(set) var variesByCoding = false
  /// The stored content of the release's file that it is made of; nil for what is no such file.
  let source: Digest?

  init(
    _ content: Content, _ digest: Digest, type: String, lifetime: Lifetime, phase: String,
    source: Digest? = nil
  ) {
    self.content = content
    self.digest = digest
    mediaType = Self.isText(type) ? "\(type); charset=utf-8" : type
    self.lifetime = lifetime
    self.phase = phase
    self.source = source
  }

  var size: Int64 {
    switch content {
    case .bytes(let bytes): Int64(bytes.count)
    case .blob(let stat): stat.size.value
    }
  }

  /// A strong tag: equal ones are equal bytes.
  var entityTag: String { "\"\(digest.hex)\"" }

  /// Scripts that its reader runs next, by URLs against its own, and whether they are modules.
  private(set) var next: (scripts: [String], areModules: Bool) = ([], false)

  /// The same, with what it leads to said ahead.
  func leading(to scripts: [String], asModules areModules: Bool) -> Representation {
    var leading = self
    leading.next = (scripts, areModules)
    return leading
  }

  /// Less than this goes with the head in one packet or two, whatever its coding.
  static let codedBytesMin: Int64 = 1_024

  /// Whether a coding is worth trying: images, fonts for the web and archives have one inside.
  var isCodable: Bool {
    size >= Self.codedBytesMin && size <= Int64(ContentCoding.sourceBytesMax)
      && (Self.isText(mediaType)
        || ["application/", "font/ttf", "font/otf", "image/x-icon"].contains(
          where: mediaType.hasPrefix)
          && !["application/octet-stream", "application/zip"].contains(mediaType))
  }

  /// The same in the coding that the caller gets; nil where that is none.
  func coded(_ made: (content: Content, digest: Digest, coding: ContentCoding)?) -> Representation {
    var coded = self
    coded.variesByCoding = true
    if let made {
      coded.content = made.content
      coded.digest = made.digest
      coded.coding = made.coding
    }
    return coded
  }

  /// Whether a browser would run scripts of it where somebody opens its URL: in a document of the
  /// gateway's own origin, from which every remote can be read.
  var isDocument: Bool {
    ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml"]
      .contains { mediaType.hasPrefix($0) }
  }

  private static func isText(_ type: String) -> Bool {
    type.hasPrefix("text/") || type == "application/json" || type == "image/svg+xml"
  }
}
