/// What names a blob: its digest and its size.
package struct BlobStat: Hashable, Sendable, Codable {
  package let digest: Digest
  package let size: ByteCount

  package init(digest: Digest, size: ByteCount) {
    self.digest = digest
    self.size = size
  }
}
