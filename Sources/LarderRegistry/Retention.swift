/// Which releases a remote keeps besides those that a channel, a pin or a session holds.
package struct Retention: Hashable, Sendable {
  /// The newest so many.
  package var count: Int
  /// And those that were first committed less than so many seconds ago.
  package var seconds: Int64

  package init(count: Int, seconds: Int64 = 0) {
    self.count = count
    self.seconds = seconds
  }
}
