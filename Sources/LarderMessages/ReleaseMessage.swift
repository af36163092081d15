package import LarderCore

/// A release, as PUBLISH and REMOTE describe it.
package struct ReleaseMessage: Codable, Sendable, Equatable {
  /// The remote's name.
  package var name: String
  /// 32 hexadecimal digits.
  package var release: String
  /// `exact`, `closed` or `open`.
  package var completeness: String
  /// Seconds since 1970, UTC.
  package var createdAt: Int64
  /// Whether channel `current` points here.
  package var current: Bool
  package var variants: [Variant]

  package init(
    name: String, release: String, completeness: String, createdAt: Int64, current: Bool,
    variants: [Variant]
  ) {
    self.name = name
    self.release = release
    self.completeness = completeness
    self.createdAt = createdAt
    self.current = current
    self.variants = variants
  }

  /// One build of the release for one target.
  package struct Variant: Codable, Sendable, Equatable {
    package var target: String
    /// The version of webpack that built it.
    package var webpack: String
    package var ruleSet: String
    package var entry: String
    package var exposes: [String]
    package var files: Int
    package var bytes: ByteCount

    package init(
      target: String, webpack: String, ruleSet: String, entry: String, exposes: [String],
      files: Int, bytes: ByteCount
    ) {
      self.target = target
      self.webpack = webpack
      self.ruleSet = ruleSet
      self.entry = entry
      self.exposes = exposes
      self.files = files
      self.bytes = bytes
    }
  }
}
