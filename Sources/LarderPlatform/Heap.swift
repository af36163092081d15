import CPlatform

/// The memory that the allocator holds.
package enum Heap {
  /// Returns to the system what was freed, all over the heap: malloc_trim(3).
  ///
  /// Worth its milliseconds after work that freed much for good; the allocator itself only gives
  /// back what lies at an end.
  package static func trim() { larder_trim_heap() }
}
