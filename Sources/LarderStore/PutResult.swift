package import LarderCore

/// What a put did.
package struct PutResult: Hashable, Sendable {
  /// The blob's name, computed here from its bytes.
  package let digest: Digest
  package let size: ByteCount
  /// The realm had all of it already: nothing was written.
  package let deduplicated: Bool
  /// Bytes that this put added to segments: records with header and padding.
  package let storedBytes: ByteCount
}
