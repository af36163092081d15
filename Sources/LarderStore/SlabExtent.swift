/// Some bytes of a slab.
package struct SlabExtent: Sendable {
  package let slab: Slab
  package let offset: Int
  package let length: Int
}

extension [SlabExtent] {
  /// The same bytes in as few extents as can be.
  func joined() -> [SlabExtent] {
    reduce(into: []) { joined, next in
      if let last = joined.last, last.slab === next.slab, last.offset + last.length == next.offset {
        joined[joined.count - 1] = SlabExtent(
          slab: last.slab, offset: last.offset, length: last.length + next.length)
      } else {
        joined.append(next)
      }
    }
  }
}

extension SlabExtent {
  /// Some of its bytes.
  func part(_ range: Range<Int64>) -> SlabExtent {
    SlabExtent(slab: slab, offset: offset + Int(range.lowerBound), length: range.count)
  }
}
