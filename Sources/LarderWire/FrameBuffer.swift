/// Bytes that were read from a peer and not yet used, in one piece, so that frames are parsed in
/// place.
///
/// Room grows with what has come, never with what a header announces: a peer that names 4 MiB and
/// sends 16 bytes holds 64 KiB here, and one that sends nothing holds none.
package struct FrameBuffer: ~Copyable {
  /// Room for the first bytes: a read of 64 KiB takes as long as a copy
  /// of it, so that larger ones save no time.
  package static let initialBytes = 64 << 10

  /// Room that one whole frame takes: a buffer never grows beyond.
  package static let bytesMax = FrameHeader.byteCount + WireLimits.frameBodyMax

  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var first = 0
  private var end = 0

  package init() {}

  deinit { memory.deallocate() }

  /// Bytes not yet used.
  package var count: Int { end - first }

  /// Room that is held, used or not.
  package var capacity: Int { memory.count }

  /// The bytes not yet used; valid until the next call of a mutating function.
  package var unread: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: memory[first..<end])
  }

  /// Room behind the unread bytes, never empty; valid until the next call of a mutating function.
  ///
  /// - Parameter wanted: how many bytes the next frame takes in all.
  /// - Precondition: fewer than `wanted` bytes are unread, and `wanted` is at most `bytesMax`.
  package mutating func space(toHold wanted: Int) -> UnsafeMutableRawBufferPointer {
    precondition(count < wanted && wanted <= FrameBuffer.bytesMax, "no frame takes \(wanted) bytes")
    if first == end { (first, end) = (0, 0) }
    if end == memory.count || (first > 0 && first + wanted > memory.count) { moveToFront() }
    if end == memory.count {
      grow(to: max(FrameBuffer.initialBytes, min(FrameBuffer.bytesMax, memory.count * 2)))
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[end...])
  }

  /// Notes that the first `count` bytes of `space` were filled.
  package mutating func append(filled count: Int) {
    precondition(count >= 0 && end + count <= memory.count, "more bytes than there was room for")
    end += count
  }

  /// Drops the first `count` unread bytes.
  package mutating func consume(_ count: Int) {
    precondition(count >= 0 && count <= end - first, "more bytes than there are")
    first += count
  }

  /// Gives back the room of an empty buffer; for when nothing is on its way.
  package mutating func shrink() {
    guard first == end else { return }
    memory.deallocate()
    memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    (first, end) = (0, 0)
  }

  private mutating func moveToFront() {
    memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[first..<end]))
    (first, end) = (0, end - first)
  }

  private mutating func grow(to byteCount: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
    larger.copyMemory(from: unread)
    (first, end) = (0, count)
    memory.deallocate()
    memory = larger
  }
}
