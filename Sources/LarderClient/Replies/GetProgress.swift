import LarderWire

/// Holds the frames of a GET reply to their order and sizes.
struct GetProgress {
  let items: ArraySlice<GetItem>
  private(set) var item = 0
  private(set) var head = GetItemHead(item: 0, status: .found, blobSize: 0)
  private var received: Int64 = 0
  private var isOpen = false

  init(items: ArraySlice<GetItem>) { self.items = items }

  mutating func take(_ head: GetItemHead, bytes: Int, isLast: Bool) throws(WireError) {
    let expectedItem = isOpen ? item : (received < 0 ? item + 1 : 0)
    guard head.item == expectedItem, head.item < items.count else {
      throw WireError(.malformedFrame, "item \(head.item) came where \(expectedItem) was due")
    }
    if !isOpen { received = 0 }
    item = head.item
    self.head = head
    received += Int64(bytes)
    if head.status == .found {
      guard let range = items[items.startIndex + item].range(inBlobOf: head.blobSize),
        received <= range.count
      else { throw WireError(.malformedFrame, "item \(item) has more bytes than were asked for") }
      isOpen = received < Int64(range.count)
    } else {
      guard bytes == 0 else {
        throw WireError(.malformedFrame, "item \(item) has bytes in spite of its status")
      }
      isOpen = false
    }
    if !isOpen { received = -1 }
    guard !isLast || (!isOpen && item == items.count - 1) else {
      throw WireError(.malformedFrame, "the reply ended within item \(item)")
    }
  }
}
