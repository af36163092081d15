package import LarderCore

/// PUBLISH: make a release of files that this realm already holds.
package enum PublishMessage {
  /// A release to be: all of its variants.
  package struct Request: Codable, Sendable {
    package var name: String
    package var variants: [Variant]

    package init(name: String, variants: [Variant]) {
      self.name = name
      self.variants = variants
    }
  }

  /// One output folder of a build.
  package struct Variant: Codable, Sendable {
    /// The folder's `stats.json`, a blob of this realm; absent for a build without one.
    package var stats: Digest?
    /// The path of the entry among `files`, whose code is read where there are no statistics.
    package var entry: String?
    /// Every file of the folder, `stats.json` left out.
    package var files: [File]

    package init(stats: Digest?, entry: String? = nil, files: [File]) {
      self.stats = stats
      self.entry = entry
      self.files = files
    }
  }

  /// One file that was put before.
  package struct File: Codable, Sendable {
    /// Below the output folder, with `/`, without `.` or `..`.
    package var path: String
    package var digest: Digest
    package var size: ByteCount

    package init(path: String, digest: Digest, size: ByteCount) {
      self.path = path
      self.digest = digest
      self.size = size
    }
  }
}
