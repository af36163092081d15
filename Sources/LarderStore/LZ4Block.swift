import CLZ4

/// One LZ4 block without a frame: how payloads are stored that it shortens.
enum LZ4Block {
  /// Compresses `source` into the beginning of `target`.
  ///
  /// - Returns: the bytes of the block; nil where it would not fit, and then what is in `target` has
  ///   no meaning.
  static func encode(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Int? {
    guard let from = source.baseAddress, let to = target.baseAddress, !target.isEmpty else {
      return nil
    }
    let count = LZ4_compress_default(
      from.assumingMemoryBound(to: CChar.self), to.assumingMemoryBound(to: CChar.self),
      Int32(source.count), Int32(target.count))
    return count > 0 ? Int(count) : nil
  }

  /// Decodes a block that may be anybody's; never writes outside of `target`.
  ///
  /// - Returns: whether it is one of exactly `target.count` bytes; if not, what is in `target` has no
  ///   meaning.
  static func decode(
    _ block: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    guard let from = block.baseAddress, let to = target.baseAddress else { return false }
    let count = LZ4_decompress_safe(
      from.assumingMemoryBound(to: CChar.self), to.assumingMemoryBound(to: CChar.self),
      Int32(block.count), Int32(target.count))
    return Int(count) == target.count
  }
}
