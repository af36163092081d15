import LarderPlatform
import LarderWire

/// Takes the reply to a GET: PLACES frames, and item frames with bytes where those were asked for
/// or the daemon had nothing to share.
struct PlacesReader: ReplyReader {
  /// What came for one item; no bytes unless its status is `found`.
  struct Item: Sendable {
    let status: GetItemStatus
    let blob: MappedBlob
  }

  private(set) var answers: [Item] = []
  private let items: ArraySlice<GetItem>
  /// The bytes of an item that comes in several frames.
  private var copied: [UInt8] = []

  init(items: ArraySlice<GetItem>) { self.items = items }

  mutating func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) throws(ClientError) {
    do throws(WireError) { try takeItems(frame, bytes, slabs: slabs) } catch {
      throw ClientError(error)
    }
  }

  func answer() -> [Item] { answers }

  private mutating func takeItems(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) throws(WireError) {
    if frame.isPlaces {
      guard copied.isEmpty else { throw PlacesReader.outOfOrder }
      for place in try BlobPlace.decode(bytes) { try take(place, slabs: slabs) }
    } else {
      let head = try GetItemHead(decoding: bytes)
      try take(head, UnsafeRawBufferPointer(rebasing: bytes[GetItemHead.byteCount...]))
    }
    guard !frame.isLast || (copied.isEmpty && answers.count == items.count) else {
      throw WireError(.malformedFrame, "the reply ended within item \(answers.count)")
    }
  }

  private mutating func take(
    _ place: BlobPlace, slabs: borrowing SlabTable
  ) throws(WireError) {
    let byteCount = try expected(place.head)
    var pieces: [MappedBlob.Piece] = []
    for extent in place.extents {
      guard let slab = slabs.slab(extent.slab), extent.length > 0,
        extent.offset <= slab.memory.byteCount,
        extent.length <= slab.memory.byteCount - extent.offset
      else {
        throw WireError(.malformedFrame, "a place outside of slab \(extent.slab)")
      }
      pieces.append(.shared(slab, offset: extent.offset, length: extent.length))
    }
    try end(place.head.status, MappedBlob(pieces), byteCount)
  }

  private mutating func take(
    _ head: GetItemHead, _ bytes: UnsafeRawBufferPointer
  ) throws(WireError) {
    let byteCount = try expected(head)
    if head.status != .found { copied = [] }
    copied.append(contentsOf: bytes)
    guard head.status != .found || copied.count >= byteCount else { return }
    try end(head.status, MappedBlob(copied.isEmpty ? [] : [.copied(copied)]), byteCount)
    copied = []
  }

  /// The bytes that an item has to have.
  private func expected(_ head: GetItemHead) throws(WireError) -> Int {
    guard head.item == answers.count, head.item < items.count else {
      throw PlacesReader.outOfOrder
    }
    if head.status != .found { return 0 }
    guard let range = items[items.startIndex + head.item].range(inBlobOf: head.blobSize) else {
      throw WireError(.malformedFrame, "item \(head.item) has bytes outside of its blob")
    }
    return range.count
  }

  private mutating func end(
    _ status: GetItemStatus, _ blob: MappedBlob, _ byteCount: Int
  ) throws(WireError) {
    guard blob.byteCount == byteCount else {
      throw WireError(
        .malformedFrame, "item \(answers.count) has \(blob.byteCount) bytes, not \(byteCount)")
    }
    answers.append(Item(status: status, blob: blob))
  }

  private static var outOfOrder: WireError {
    WireError(.malformedFrame, "items did not come in the order in which they were asked for")
  }
}
