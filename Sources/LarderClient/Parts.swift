extension Array {
  /// The elements in order, in slices of at most `count`, which is what one request takes.
  func parts(of count: Int) -> some Sequence<ArraySlice<Element>> {
    stride(from: 0, to: self.count, by: count).lazy.map { start in
      self[start..<Swift.min(start + count, self.count)]
    }
  }
}
