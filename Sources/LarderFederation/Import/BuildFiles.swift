/// The files of a build, as whoever runs an import has them.
///
/// Reading is synchronous: who has to fetch first notes what was asked for, fetches it, and runs
/// the import again.
package struct BuildFiles {
  /// Paths below the root, where they can be listed; else empty.
  package let paths: () -> [String]
  private let read: (String) -> [UInt8]?

  /// - Parameter read: the bytes of a file by its path; nil for one that is not at hand.
  package init(paths: @escaping () -> [String] = { [] }, read: @escaping (String) -> [UInt8]?) {
    self.paths = paths
    self.read = read
  }

  /// A file by its path, which may have a query as chunk names do; nil for one that is not at hand.
  package func file(_ path: String) -> BuildFile? {
    let path = BuildPath.withoutQuery(path)
    return read(path).map { BuildFile(path: path, bytes: $0) }
  }

  /// The text of a file; what is no UTF-8 in it is replaced.
  package func text(_ path: String) -> String? {
    file(path).map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}

/// One file of a build.
package struct BuildFile: Sendable {
  /// Below the root of the build.
  package let path: String
  package let bytes: [UInt8]
  /// The members of the object that it is as JSON; empty for anything else.
  package let members: Set<String>

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    members = JSONMembers.names(in: bytes)
  }
}
