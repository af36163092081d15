package import LarderCore

/// A file of a release as pages get it.
package struct PageFile: Sendable {
  /// Its bytes.
  package enum Content: Sendable {
    /// Those of the build, to be delivered from the store.
    case stored(BlobStat)
    /// Those of the build but for the places where it says where its chunks are.
    case derived([UInt8])
  }

  package let content: Content
  /// Of `content`.
  package let digest: Digest
  /// Of the build's own file, which `content` is or was made of.
  package let source: Digest
  /// As IANA registers it, without parameters.
  package let mediaType: String
}
