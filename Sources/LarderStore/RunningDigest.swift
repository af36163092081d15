import Crypto
import LarderCore

/// SHA-256 of bytes that come piece by piece; the check that proves bytes, and names them.
struct RunningDigest {
  private var hash = SHA256()

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hash.update(bufferPointer: bytes)
  }

  func finish() -> LarderCore.Digest {
    hash.finalize().withUnsafeBytes { LarderCore.Digest(copying: $0) }
  }

  /// The digest of bytes that are all there.
  static func digest(_ bytes: UnsafeRawBufferPointer) -> LarderCore.Digest {
    var hash = RunningDigest()
    hash.update(bytes)
    return hash.finish()
  }
}
