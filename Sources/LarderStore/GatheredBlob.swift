package import LarderCore

/// Bytes that somebody wants of a blob.
package struct BlobRange: Hashable, Sendable {
  package let digest: Digest
  /// Bytes of the blob; what lies past its end is cut off. nil for all.
  package let range: Range<Int64>?

  package init(_ digest: Digest, _ range: Range<Int64>? = nil) {
    self.digest = digest
    self.range = range
  }
}

/// Bytes of a blob in memory that can be shared.
package struct GatheredBlob: Sendable {
  package let digest: Digest
  /// The whole blob's.
  package let size: ByteCount
  /// The bytes that were wanted, in order; none where these are none.
  package let extents: [SlabExtent]
}
