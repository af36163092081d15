import Crypto
import LarderClient
import LarderCore

extension InputFile {
  /// The name of its bytes, which are read to the end.
  consuming func digest() throws(ClientError) -> LarderCore.Digest {
    var hash = SHA256()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { piece.deallocate() }
    while case let count = try read(into: piece), count > 0 {
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
    return hash.finalize().withUnsafeBytes { LarderCore.Digest(copying: $0) }
  }
}
