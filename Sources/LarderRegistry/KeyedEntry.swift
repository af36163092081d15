package import LarderCore

/// Where an entry stands: a realm, a namespace in it, and a key that its writer chose.
package struct EntryKey: Hashable, Sendable {
  package let realm: RealmID
  package let namespace: NamespaceName
  package let key: String

  /// Bytes of a key: a digest or two in hexadecimal, or a path with room.
  package static let bytesMax = 512

  /// Nil for a key that is empty, longer than `bytesMax`, or has control characters.
  package init?(realm: RealmID, namespace: NamespaceName, key: String) {
    guard (1...Self.bytesMax).contains(key.utf8.count),
      key.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
    else { return nil }
    self.realm = realm
    self.namespace = namespace
    self.key = key
  }
}

/// A name that a writer gave to content: what a build step led to, say.
///
/// Unlike a digest it proves nothing; it is worth as much as who may write in its realm.
package struct KeyedEntry: Hashable, Sendable {
  package let key: EntryKey
  package let blob: BlobStat
  /// Further content without which the blob is of no use; at most `blobsMax`.
  package let needs: [Digest]
  /// Seconds since 1970.
  package let writtenAt: Int64
  /// The user who wrote it, as the kernel named them.
  package let writtenBy: UInt32?
  /// Seconds since 1970 when it was last given, or written; late by a day at most.
  package let usedAt: Int64

  /// Digests in `needs`, so that an entry takes at most some 3 KiB; whoever has more lists them in a
  /// blob.
  package static let needsMax = 64

  package init(
    key: EntryKey, blob: BlobStat, needs: [Digest], writtenAt: Int64, writtenBy: UInt32?,
    usedAt: Int64
  ) {
    self.key = key
    self.blob = blob
    self.needs = needs
    self.writtenAt = writtenAt
    self.writtenBy = writtenBy
    self.usedAt = usedAt
  }
}
