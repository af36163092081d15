/// The segments of a store, each in a slot that entries of the memory table name.
///
/// A slot is taken when a segment joins and empty once the segment is dropped. An empty one is
/// taken again, lowest first: whoever drops a segment has made sure that nothing names its slot any
/// more, neither a table entry nor a write on its way.
struct SegmentSlots: Sendable {
  private var slots: [SegmentState?] = []
  /// How many segments there are.
  private(set) var count = 0

  /// The slots that are taken, in order.
  var indices: [Int] { slots.indices.filter { slots[$0] != nil } }

  /// Whether a segment is there.
  func isTaken(_ slot: Int) -> Bool { slots.indices.contains(slot) && slots[slot] != nil }

  /// The segment in a slot.
  ///
  /// - Precondition: the slot is taken.
  subscript(slot: Int) -> SegmentState {
    get {
      guard let item = slots[slot] else { preconditionFailure("slot \(slot) is empty") }
      return item
    }
    set { slots[slot] = newValue }
  }

  /// Puts a segment into a slot.
  ///
  /// - Returns: the slot.
  mutating func append(_ item: SegmentState) -> Int {
    count += 1
    if count <= slots.count, let empty = slots.firstIndex(where: { $0 == nil }) {
      slots[empty] = item
      return empty
    }
    slots.append(item)
    return slots.count - 1
  }

  /// Empties a slot.
  mutating func remove(_ slot: Int) {
    guard isTaken(slot) else { return }
    slots[slot] = nil
    count -= 1
  }
}

extension SegmentSlots: Sequence {
  /// The segments, by slot.
  func makeIterator() -> some IteratorProtocol<SegmentState> {
    slots.lazy.compactMap { $0 }.makeIterator()
  }
}
