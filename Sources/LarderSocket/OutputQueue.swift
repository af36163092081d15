import LarderPlatform
import LarderStore
import LarderWire

/// Frames for one connection, in order, and what goes with them.
struct OutputBlock {
  enum Content {
    /// Bytes of frames.
    case frames([UInt8])
    /// Bytes of content that lie in memory; their frame's head is in the block before.
    case memory(SlabExtent)
  }

  var content: Content
  /// Slabs whose descriptors go with the first byte; the content begins with the SLABS frame then.
  var slabs: [HandedSlab] = []

  init(frames: [UInt8]) { content = .frames(frames) }

  init(memory: SlabExtent) { content = .memory(memory) }

  var byteCount: Int {
    switch content {
    case .frames(let bytes): bytes.count
    case .memory(let extent): extent.length
    }
  }

  /// Bytes of memory that are its own.
  var heldBytes: Int { if case .frames(let bytes) = content { bytes.count } else { 0 } }

  /// Lends the bytes for the time of `body`.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch content {
    case .frames(let bytes):
      try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
        try body(UnsafeRawBufferPointer(bytes))
      }
    case .memory(let extent):
      try extent.slab.withBytes(at: extent.offset, count: extent.length, body)
    }
  }
}

/// Frames that wait to be written to one connection.
///
/// Short frames share a block, so that many small answers leave in one write of one buffer; content
/// that is in memory anyway is not copied into it.
struct OutputQueue {
  /// A block that takes further frames is at most this large: 16 answers of 4 KiB.
  private static let sharedBlockBytes = 72 << 10

  /// What is longer has a block of its own: below, copying costs less than another buffer for the
  /// kernel to look at.
  static let copiedMax = 4 << 10

  /// The heads of a frame and of an item.
  private static let headBytes = FrameHeader.byteCount + GetItemHead.byteCount

  private var blocks: ArraySlice<OutputBlock> = []
  /// Bytes of the first block that were written.
  private var written = 0

  /// Bytes that wait.
  private(set) var byteCount = 0
  /// Bytes of memory that they take; what lies in slabs takes none.
  private(set) var heldBytes = 0

  var isEmpty: Bool { byteCount == 0 }

  /// Adds whole frames.
  mutating func append(_ frames: [UInt8]) { append(OutputBlock(frames: frames)) }

  mutating func append(_ block: OutputBlock) {
    let count = block.byteCount
    guard count > 0 else { return }
    if block.slabs.isEmpty, case .frames(let frames) = block.content,
      isShared(for: count)
    {
      return append(upTo: count) { $0 += frames }
    }
    byteCount += count
    heldBytes += block.heldBytes
    blocks.append(block)
  }

  /// Adds what `body` appends to the bytes of a block.
  ///
  /// - Parameter count: bytes that it appends at most.
  mutating func append(upTo count: Int, _ body: (inout [UInt8]) -> Void) {
    if !isShared(for: count) {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(count)
      blocks.append(OutputBlock(frames: bytes))
    }
    let last = blocks.endIndex - 1
    guard case .frames(var bytes) = blocks[last].content else { return }
    // Taken out while it is written: what is held twice is copied.
    blocks[last].content = .frames([])
    let before = bytes.count
    body(&bytes)
    byteCount += bytes.count - before
    heldBytes += bytes.count - before
    blocks[last].content = .frames(bytes)
  }

  /// Whether so many bytes go into the last block.
  private func isShared(for count: Int) -> Bool {
    guard let last = blocks.last, case .frames(let bytes) = last.content else { return false }
    return count <= OutputQueue.copiedMax + OutputQueue.headBytes
      && bytes.count + count <= OutputQueue.sharedBlockBytes
  }

  /// Writes as much as one call takes, and drops it: a `writev`, or one message with descriptors.
  ///
  /// - Returns: nil where the descriptors cannot be sent now; see `SocketDescriptor`.
  mutating func write(
    to socket: borrowing SocketDescriptor
  ) throws(SystemCallError) -> SocketDescriptor.Transfer? {
    guard let first = blocks.first else { return .wouldBlock }
    let transfer: SocketDescriptor.Transfer?
    if !first.slabs.isEmpty {
      transfer = try OutputQueue.write(first, to: socket)
      // They went with the first byte.
      if case .bytes = transfer { blocks[blocks.startIndex].slabs = [] }
    } else if blocks.count == 1 {
      let written = written
      transfer = try first.withBytes { (bytes) throws(SystemCallError) in
        try socket.write(UnsafeRawBufferPointer(rebasing: bytes[written...]))
      }
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
    return try block.withBytes { (bytes) throws(SystemCallError) in
      try socket.write(bytes, with: descriptors)
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
    return try block.withBytes { (bytes) throws(SystemCallError) in
      buffers.append(UnsafeRawBufferPointer(rebasing: bytes[written...]))
      return try write(blocks.dropFirst(), skipping: 0, behind: &buffers, to: socket)
    }
  }

  private mutating func drop(_ count: Int) {
    byteCount -= count
    written += count
    while let block = blocks.first, written >= block.byteCount {
      written -= block.byteCount
      heldBytes -= block.heldBytes
      // A slice keeps what it dropped until its memory moves: the place is emptied first.
      blocks[blocks.startIndex].content = .frames([])
      blocks.removeFirst()
    }
    if blocks.isEmpty { blocks = [] }
  }
}
