package import LarderCore

/// Content for pages in the coding that it was asked for in.
package enum EncodedContent: Sendable {
  /// Encoded, and kept in the store.
  case stored(BlobStat)
  /// Encoded, and kept in memory: what is made for an answer, and what the store has no room for.
  case bytes([UInt8], Digest)
  /// The coding saves too little: the content is sent as it is.
  case plain
}
