import LarderPlatform

/// Frames for one connection, in order, and the slabs whose descriptors go with them.
struct OutputBlock {
  var frames: [UInt8]
  /// They go with the first byte; `frames` begins with the SLABS frame then.
  var slabs: [HandedSlab] = []
}

/// Frames that wait to be written to one connection.
///
/// Short frames share a block, so that many small answers leave in one `writev` of few buffers.
struct OutputQueue {
  /// A block that takes further frames is at most this large: a page, which is cheaper to copy into
  /// than to hand to the kernel apart.
  private static let sharedBlockBytes = 4096

  private var blocks: ArraySlice<OutputBlock> = []
  /// Bytes of the first block that were written.
  private var written = 0

  /// Bytes that wait.
  private(set) var byteCount = 0

  var isEmpty: Bool { byteCount == 0 }

  /// Adds whole frames.
  mutating func append(_ frames: [UInt8]) { append(OutputBlock(frames: frames)) }

  mutating func append(_ block: OutputBlock) {
    guard !block.frames.isEmpty else { return }
    byteCount += block.frames.count
    let last = blocks.endIndex - 1
    if last >= blocks.startIndex, block.slabs.isEmpty,
      blocks[last].frames.count + block.frames.count <= OutputQueue.sharedBlockBytes
    {
      blocks[last].frames += block.frames
    } else {
      blocks.append(block)
    }
  }

  /// Writes as much as one `writev`, or one message with descriptors, takes and drops it.
  ///
  /// - Returns: nil where the descriptors cannot be sent now; see `SocketDescriptor`.
  mutating func write(
    to socket: borrowing SocketDescriptor
  ) throws(SystemCallError) -> SocketDescriptor.Transfer? {
    let transfer: SocketDescriptor.Transfer?
    if let block = blocks.first, !block.slabs.isEmpty {
      transfer = try OutputQueue.write(block, to: socket)
      // They went with the first byte.
      if case .bytes = transfer { blocks[blocks.startIndex].slabs = [] }
    } else {
      let plain = blocks.prefix(SocketDescriptor.buffersMax).prefix { $0.slabs.isEmpty }
      var buffers: [UnsafeRawBufferPointer] = []
      buffers.reserveCapacity(plain.count)
      transfer = try OutputQueue.write(plain, skipping: written, behind: &buffers, to: socket)
    }
    if case .bytes(let bytes) = transfer { drop(bytes) }
    return transfer
  }

  private static func write(
    _ block: OutputBlock, to socket: borrowing SocketDescriptor
  ) throws(SystemCallError) -> SocketDescriptor.Transfer? {
    defer { withExtendedLifetime(block.slabs) {} }
    let descriptors = block.slabs.map { $0.memory.descriptor }
    return try block.frames.withUnsafeBufferPointer { (frames) throws(SystemCallError) in
      try socket.write(UnsafeRawBufferPointer(frames), with: descriptors)
    }
  }

  /// Borrows the blocks' memory one inside the other, at most `buffersMax` deep, and writes.
  private static func write(
    _ blocks: ArraySlice<OutputBlock>, skipping written: Int,
    behind buffers: inout [UnsafeRawBufferPointer], to socket: borrowing SocketDescriptor
  ) throws(SystemCallError) -> SocketDescriptor.Transfer {
    guard let block = blocks.first else {
      return try buffers.withUnsafeBufferPointer { (all) throws(SystemCallError) in
        try socket.write(all)
      }
    }
    return try block.frames.withUnsafeBufferPointer { (bytes) throws(SystemCallError) in
      buffers.append(
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[written...]))
      return try write(blocks.dropFirst(), skipping: 0, behind: &buffers, to: socket)
    }
  }

  private mutating func drop(_ count: Int) {
    byteCount -= count
    written += count
    while let block = blocks.first, written >= block.frames.count {
      written -= block.frames.count
      // A slice keeps what it dropped until its memory moves: the place is emptied first.
      blocks[blocks.startIndex].frames = []
      blocks.removeFirst()
    }
    if blocks.isEmpty { blocks = [] }
  }
}
