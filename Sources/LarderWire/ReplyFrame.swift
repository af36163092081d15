/// One frame of a reply, still in the buffer it was read into.
package struct ReplyFrame: Sendable, Hashable {
  package let verb: Verb
  package let id: UInt64
  /// Where the body lies, in bytes from the start of the buffer that was given.
  package let body: Range<Int>
  /// Whether the body is bytes of content.
  package let isData: Bool
  /// The body says where content is.
  package let isPlaces: Bool
  /// The body names slabs, and descriptors came along.
  package let isSlabs: Bool
  /// Whether the body is an error; then the frame is the last.
  package let isError: Bool
  /// Whether no further frame of the reply follows.
  package let isLast: Bool
}
