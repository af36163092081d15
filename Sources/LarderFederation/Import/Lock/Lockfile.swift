package import LarderCore

/// `larder-lock.json`: what a build is, written beside it, and each of its files by its digest.
package struct Lockfile: Codable, Hashable, Sendable {
  /// In the output folder of the build.
  package static let fileName = "larder-lock.json"
  /// The version that is written, and the only one that is read.
  package static let formatCurrent = 1

  /// A file of the build.
  package struct File: Codable, Hashable, Sendable {
    /// Below the folder, with `/`.
    package var path: String
    package var digest: Digest
    /// In bytes.
    package var size: Int64

    package init(path: String, digest: Digest, size: Int64) {
      self.path = path
      self.digest = digest
      self.size = size
    }
  }

  package var format: Int
  /// As the best source of the build told when this was written.
  package var containers: [ContainerFacts]
  /// Every file of the folder but this one and the statistics, sorted by path.
  package var files: [File]
  /// The releases of the remotes that the build refers to, as far as a daemon knew them then.
  package var remotes: [String: String]?

  /// In the current format.
  package init(containers: [ContainerFacts], files: [File], remotes: [String: String]? = nil) {
    format = Self.formatCurrent
    self.containers = containers
    self.files = files.sorted { $0.path < $1.path }
    self.remotes = remotes
  }

  /// The names of the remotes that the containers refer to, sorted.
  package var remoteNames: [String] {
    Set(containers.flatMap(\.remotes).flatMap(\.locations).compactMap(\.remoteName)).sorted()
  }
}
