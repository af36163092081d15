/// One frame of a request, still in the buffer it was read into.
package struct RequestFrame: Sendable, Hashable {
  package let verb: Verb
  package let id: UInt64
  /// Where the body lies, in bytes from the start of the buffer that was given.
  package let body: Range<Int>
  /// Whether this frame opened its request; false for a further frame of a PUT.
  package let isFirst: Bool
  /// Whether no further frame of the request follows.
  package let isLast: Bool
}
