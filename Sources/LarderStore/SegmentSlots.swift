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
    _read {
      precondition(slots[slot] != nil, "slot \(slot) is not in use")
      // Forced, since a binding would copy the state.
      // swift-format-ignore: NeverForceUnwrap
      yield slots[slot]!
    }
    _modify {
      precondition(slots[slot] != nil, "slot \(slot) is not in use")
      // As above.
      // swift-format-ignore: NeverForceUnwrap
      yield &slots[slot]!
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
