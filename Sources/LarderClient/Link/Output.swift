import LarderWire

/// Frames that are to be written, in order.
///
/// Bounded by the requests in flight: each has one frame here at most, and what ends a PUT.
struct Output {
  private struct Block {
    var bytes: ArraySlice<UInt8>
    /// The PUT whose next content may come once this is written.
    var upload: Upload?
  }

  /// Frames that are copied together, so that one call writes them: what a socket takes at once.
  private static let joinedMax = 64 << 10

  private var blocks: [Block] = []

  var isEmpty: Bool { blocks.isEmpty }

  mutating func append(
    _ verb: Verb, _ flags: FrameFlags, id: UInt64, body: ArraySlice<UInt8>, of upload: Upload? = nil
  ) {
    var start: [UInt8] = []
    FrameHeader(verb: verb, flags: flags, requestID: id, length: body.count).append(to: &start)
    if let last = blocks.indices.last, blocks[last].upload == nil,
      blocks[last].bytes.count + start.count + body.count <= Output.joinedMax
    {
      blocks[last].bytes += start
      blocks[last].bytes += body
      blocks[last].upload = upload
    } else {
      blocks.append(Block(bytes: start[...]))
      if body.count <= Output.joinedMax {
        blocks[blocks.count - 1].bytes += body
      } else {
        blocks.append(Block(bytes: body))
      }
      blocks[blocks.count - 1].upload = upload
    }
  }

  /// Writes what the socket takes; `written` hears of each PUT whose content left.
  ///
  /// - Returns: false where the daemon takes no more: what is left is void.
  mutating func write(
    to connection: Connection, written: (Upload) -> Void
  ) throws(ClientError) -> Bool {
    while let block = blocks.first {
      let count = try block.bytes.withUnsafeBufferPointer { (bytes) throws(ClientError) in
        try connection.write(UnsafeRawBufferPointer(bytes))
      }
      guard let count else {
        blocks = []
        return false
      }
      if count < block.bytes.count {
        blocks[0].bytes = block.bytes.dropFirst(count)
        if count == 0 { return true }
        continue
      }
      blocks.removeFirst()
      if let upload = block.upload { written(upload) }
    }
    return true
  }
}
