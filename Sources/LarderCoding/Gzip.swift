import CZlib

/// gzip in one call each way (zlib.h).
enum Gzip {
  /// - Parameter level: 1 to 9.
  static func encoded(_ source: [UInt8], level: Int32) -> [UInt8]? {
    var stream = z_stream()
    guard larder_gzip_begin(&stream, level) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    let room = Int(deflateBound(&stream, UInt(source.count)))
    return run(&stream, source, room: room) { deflate(&$0, Z_FINISH) }
  }

  static func decoded(_ bytes: [UInt8], size: Int) -> [UInt8]? {
    var stream = z_stream()
    guard larder_gunzip_begin(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    let source = run(&stream, bytes, room: size + 1) { inflate(&$0, Z_FINISH) }
    return source?.count == size ? source : nil
  }

  /// Hands the stream all of its input and all of its room, which both fit 32 bits by the limit on
  /// sources.
  private static func run(
    _ stream: inout z_stream, _ input: [UInt8], room: Int,
    _ step: (inout z_stream) -> Int32
  ) -> [UInt8]? {
    var isDone = false
    var input = input
    let output = input.withUnsafeMutableBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(room)
        isDone = step(&stream) == Z_STREAM_END && stream.avail_in == 0
        count = isDone ? room - Int(stream.avail_out) : 0
      }
    }
    return isDone ? output : nil
  }
}
