package import LarderCore

/// KEYED: content by a key that its writer chose, for what build tools keep.
package enum KeyedMessage {
  /// What is done with an entry.
  package enum Operation: String, Codable, Sendable {
    case get, put, remove
  }

  /// Which entry; for `put` also what it names.
  package struct Request: Codable, Sendable {
    package var op: Operation
    package var namespace: String
    package var key: String
    /// `put`: the content that the key names from now on.
    package var digest: Digest?
    /// `put`: further content without which that is of no use.
    package var needs: [Digest]?
    /// `get`: whether the content itself is wanted before the last frame.
    package var bytes: Bool?

    package init(
      op: Operation, namespace: String, key: String, digest: Digest? = nil,
      needs: [Digest]? = nil, bytes: Bool? = nil
    ) {
      self.op = op
      self.namespace = namespace
      self.key = key
      self.digest = digest
      self.needs = needs
      self.bytes = bytes
    }
  }

  /// An entry, all of whose content is here.
  package struct Entry: Codable, Sendable, Equatable {
    package var digest: Digest
    package var size: ByteCount
    package var needs: [Digest]
    /// Seconds since 1970.
    package var writtenAt: Int64
    /// The user who wrote it, as the kernel named them.
    package var writtenBy: UInt32?
    /// The realm that it is read from; absent for the peer's own.
    package var realm: String?

    package init(
      digest: Digest, size: ByteCount, needs: [Digest], writtenAt: Int64, writtenBy: UInt32? = nil,
      realm: String? = nil
    ) {
      self.digest = digest
      self.size = size
      self.needs = needs
      self.writtenAt = writtenAt
      self.writtenBy = writtenBy
      self.realm = realm
    }
  }
}
