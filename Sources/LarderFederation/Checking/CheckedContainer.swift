package import LarderCore

/// A container as hosts would meet it: under a name, in one build.
package struct CheckedContainer: Hashable, Sendable {
  /// A file of the build and its bytes.
  package struct File: Hashable, Sendable {
    package let path: String
    package let digest: Digest
    package let size: Int64

    package init(path: String, digest: Digest, size: Int64) {
      self.path = path
      self.digest = digest
      self.size = size
    }
  }

  /// Under which it is registered, and others refer to it.
  package let name: String
  package let facts: ContainerFacts
  package let files: [File]

  package init(name: String, facts: ContainerFacts, files: [File] = []) {
    self.name = name
    self.facts = facts
    self.files = files
  }
}
