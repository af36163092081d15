import CBrotli

/// Brotli in one call each way (brotli/encode.h, brotli/decode.h).
enum Brotli {
  /// - Parameter quality: 0 to 11; 9 takes some 100 ms for 1 MiB, 11 takes ten times that for a
  ///   twentieth less.
  static func encoded(_ source: [UInt8], quality: Int32) -> [UInt8]? {
    // Zero for sources of more than 2^62 bytes alone.
    let room = max(16, BrotliEncoderMaxCompressedSize(source.count))
    var isDone = false
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      count = room
      isDone =
        BrotliEncoderCompress(
          quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, source.count, source, &count,
          buffer.baseAddress) == BROTLI_TRUE
      if !isDone { count = 0 }
    }
    return isDone ? bytes : nil
  }

  static func decoded(_ bytes: [UInt8], size: Int) -> [UInt8]? {
    var isDone = false
    // A byte more, so that what is longer shows.
    let source = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
      count = size + 1
      isDone =
        BrotliDecoderDecompress(bytes.count, bytes, &count, buffer.baseAddress)
        == BROTLI_DECODER_RESULT_SUCCESS
      if !isDone { count = 0 }
    }
    return isDone && source.count == size ? source : nil
  }
}
