package import LarderCore

/// One file that a build emitted.
package struct AssetFacts: Codable, Hashable, Sendable {
  /// Relative to the output folder, without a query.
  package var name: String
  /// In bytes; nil where the statistics name the file without measuring it.
  package var size: Int64?
  /// What it is, for people and for the order of loading.
  package var kind: AssetKind
  /// Whether its name changes with its content.
  package var immutable: Bool
  /// The part of the name that does so.
  package var contentHash: String?
  /// What its bytes must be; nil where the source has no digests.
  package var digest: Digest?

  /// - Parameter kind: nil takes it from the name.
  package init(
    name: String, size: Int64?, kind: AssetKind? = nil, immutable: Bool = false,
    contentHash: String? = nil
  ) {
    self.name = name
    self.size = size
    self.kind = kind ?? AssetKind(path: name)
    self.immutable = immutable
    self.contentHash = contentHash
  }
}

/// What a file is, by its name.
package enum AssetKind: String, Codable, Sendable, CaseIterable {
  case script
  case style
  case image
  case font
  case wasm
  case sourceMap
  case other

  /// Goes by the last ending alone: `a.js.map` is a source map.
  package init(path: String) {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.split(separator: ".").count > 1 ? name.split(separator: ".").last ?? "" : ""
    switch ending.lowercased() {
    case "js", "mjs", "cjs": self = .script
    case "css": self = .style
    case "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "bmp": self = .image
    case "woff", "woff2", "ttf", "otf", "eot": self = .font
    case "wasm": self = .wasm
    case "map": self = .sourceMap
    default: self = .other
    }
  }
}
