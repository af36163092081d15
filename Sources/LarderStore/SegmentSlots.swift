/// The segments in use, each in a numbered slot: what table entries point to.
///
/// A slot is given again only after its segment left together with every entry that named it.
struct SegmentSlots: Sendable {
  private var slots: [SegmentState?] = []
  private var vacant: [Int] = []
  private var numbers: [UInt64: Int] = [:]

  var count: Int { slots.count - vacant.count }
  var isEmpty: Bool { count == 0 }

  /// The slots in use, lowest first.
  var indices: [Int] { slots.indices.filter { slots[$0] != nil } }

  /// The slot of the segment with this id.
  func slot(of id: UInt64) -> Int? { numbers[id] }

  func contains(_ slot: Int) -> Bool { slots.indices.contains(slot) && slots[slot] != nil }

  /// Traps on a slot that is not in use: an entry that outlived its segment is a defect.
  subscript(slot: Int) -> SegmentState {
    get {
      guard let state = slots[slot] else { preconditionFailure("slot \(slot) is not in use") }
      return state
    }
    _modify {
      guard var state = slots[slot] else { preconditionFailure("slot \(slot) is not in use") }
      // Taken out while it changes, so that nothing is copied.
      slots[slot] = nil
      defer { slots[slot] = state }
      yield &state
    }
  }

  /// - Returns: the slot of the new segment.
  mutating func append(_ state: SegmentState) -> Int {
    let slot = vacant.popLast() ?? slots.count
    if slot == slots.count { slots.append(state) } else { slots[slot] = state }
    numbers[state.segment.id] = slot
    return slot
  }

  mutating func remove(_ slot: Int) {
    numbers[self[slot].segment.id] = nil
    slots[slot] = nil
    vacant.append(slot)
  }
}

extension SegmentSlots: Sequence {
  func makeIterator() -> some IteratorProtocol<SegmentState> {
    slots.lazy.compactMap { $0 }.makeIterator()
  }
}
