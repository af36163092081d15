import CZstd

/// Zstandard in one call each way (zstd.h).
enum Zstandard {
  /// - Parameter level: up to 19, whose windows have 8 MiB at most.
  static func encoded(_ source: [UInt8], level: Int32) -> [UInt8]? {
    let room = ZSTD_compressBound(source.count)
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      let size = ZSTD_compress(buffer.baseAddress, room, source, source.count, level)
      count = ZSTD_isError(size) == 0 ? size : 0
    }
    // A frame has a header, whatever is in it.
    return bytes.isEmpty ? nil : bytes
  }

  static func decoded(_ bytes: [UInt8], size: Int) -> [UInt8]? {
    var isDone = false
    let source = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
      let decoded = ZSTD_decompress(buffer.baseAddress, size + 1, bytes, bytes.count)
      isDone = ZSTD_isError(decoded) == 0
      count = isDone ? decoded : 0
    }
    return isDone && source.count == size ? source : nil
  }
}
