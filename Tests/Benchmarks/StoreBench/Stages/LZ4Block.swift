import CLZ4

/// Compresses as the store does, into one buffer, again and again.
final class LZ4Block {
  /// Bytes of a record's header, left blank here.
  private static let headerByteCount = 72
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 << 20, alignment: 8)

  deinit { buffer.deallocate() }

  /// The stored bytes of a payload of at most 1 MiB; valid until the next call.
  func compress(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[LZ4Block.headerByteCount...])
    let count = LZ4_compress_default(
      bytes.bindMemory(to: CChar.self).baseAddress, target.bindMemory(to: CChar.self).baseAddress,
      Int32(bytes.count), Int32(bytes.count * 97 / 100))
    if count == 0 { target.copyMemory(from: bytes) }
    return UnsafeRawBufferPointer(rebasing: target[..<(count == 0 ? bytes.count : Int(count))])
  }

  /// As many bytes as the record of a payload takes.
  func record(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let count = (LZ4Block.headerByteCount + compress(bytes).count + 7) & ~7
    return UnsafeRawBufferPointer(rebasing: buffer[..<count])
  }
}
