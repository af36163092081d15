/// What fills a realm's part of the store, and why it is kept.
package struct UsageMessage: Codable, Sendable, Equatable {
  /// Sorted by name.
  package var remotes: [Remote]
  /// Bytes of all blobs that releases name, each once.
  package var releaseBytes: Int64
  /// Bytes that pins may name, and do.
  package var pinnedBytesMax: Int64
  package var pinnedBytes: Int64

  package init(
    remotes: [Remote], releaseBytes: Int64, pinnedBytesMax: Int64, pinnedBytes: Int64
  ) {
    self.remotes = remotes
    self.releaseBytes = releaseBytes
    self.pinnedBytesMax = pinnedBytesMax
    self.pinnedBytes = pinnedBytes
  }

  /// One remote of the realm itself.
  package struct Remote: Codable, Sendable, Equatable {
    package var name: String
    /// Bytes of its releases' files, each blob once.
    package var bytes: Int64
    /// Newest first.
    package var releases: [Release]

    package init(name: String, bytes: Int64, releases: [Release]) {
      self.name = name
      self.bytes = bytes
      self.releases = releases
    }
  }

  /// One release that is kept.
  package struct Release: Codable, Sendable, Equatable {
    /// 32 hexadecimal digits.
    package var release: String
    /// Bytes of its files, each blob once.
    package var bytes: Int64
    /// Those of them that no other release of the realm names: what its end would free.
    package var ownBytes: Int64
    /// Why it is kept: `channel NAME`, `pinned`, `in use` by a session, `newest` of so many.
    package var reasons: [String]

    package init(release: String, bytes: Int64, ownBytes: Int64, reasons: [String]) {
      self.release = release
      self.bytes = bytes
      self.ownBytes = ownBytes
      self.reasons = reasons
    }
  }
}
