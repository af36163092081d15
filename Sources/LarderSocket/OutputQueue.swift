import LarderPlatform

/// Frames that wait to be written to one connection.
///
/// Short frames share a block, so that many small answers leave in one `writev` of few buffers.
struct OutputQueue {
  /// A block that takes further frames is at most this large: a page, which is cheaper to copy into
  /// than to hand to the kernel apart.
  private static let sharedBlockBytes = 4096

  private var blocks: ArraySlice<[UInt8]> = []
  /// Bytes of the first block that were written.
  private var written = 0

  /// Bytes that wait.
  private(set) var byteCount = 0

  var isEmpty: Bool { byteCount == 0 }

  /// Adds whole frames.
  mutating func append(_ frames: [UInt8]) {
    guard !frames.isEmpty else { return }
    byteCount += frames.count
    let last = blocks.endIndex - 1
    if last >= blocks.startIndex,
      blocks[last].count + frames.count <= OutputQueue.sharedBlockBytes
    {
      blocks[last] += frames
    } else {
      blocks.append(frames)
    }
  }

  /// Writes as much as one `writev` takes and drops it.
  mutating func write(
    to socket: borrowing SocketDescriptor
  ) throws(SystemCallError) -> SocketDescriptor.Transfer {
    let count = min(blocks.count, SocketDescriptor.buffersMax)
    var buffers: [UnsafeRawBufferPointer] = []
    buffers.reserveCapacity(count)
    let transfer = try OutputQueue.write(
      blocks.prefix(count), skipping: written, behind: &buffers, to: socket)
    if case .bytes(let bytes) = transfer { drop(bytes) }
    return transfer
  }

  /// Borrows the blocks' memory one inside the other, at most `buffersMax` deep, and writes.
  private static func write(
    _ blocks: ArraySlice<[UInt8]>, skipping written: Int,
    behind buffers: inout [UnsafeRawBufferPointer], to socket: borrowing SocketDescriptor
  ) throws(SystemCallError) -> SocketDescriptor.Transfer {
    guard let block = blocks.first else {
      return try buffers.withUnsafeBufferPointer { (all) throws(SystemCallError) in
        try socket.write(all)
      }
    }
    return try block.withUnsafeBufferPointer { (bytes) throws(SystemCallError) in
      buffers.append(
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[written...]))
      return try write(blocks.dropFirst(), skipping: 0, behind: &buffers, to: socket)
    }
  }

  private mutating func drop(_ count: Int) {
    byteCount -= count
    written += count
    while let block = blocks.first, written >= block.count {
      written -= block.count
      // A slice keeps what it dropped until its memory moves: the place is emptied first.
      blocks[blocks.startIndex] = []
      blocks.removeFirst()
    }
    if blocks.isEmpty { blocks = [] }
  }
}
