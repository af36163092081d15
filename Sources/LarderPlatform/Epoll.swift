import CPlatform
import Glibc

/// An epoll instance (epoll(7)), level-triggered: tells which of many descriptors can go on.
///
/// Descriptors stay their owners'; one that is closed while watched leaves by itself.
package struct Epoll: ~Copyable, Sendable {
  /// What a descriptor is watched for.
  package struct Interest: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let read = Interest(rawValue: 1)
    package static let write = Interest(rawValue: 2)
  }

  /// What was found on one descriptor.
  package struct Ready: Sendable, Hashable {
    /// The number that the descriptor was added with.
    package let token: UInt64
    package let isReadable: Bool
    package let isWritable: Bool
    /// The other side is gone or the socket failed; told whatever the interest is.
    package let hasEnded: Bool
  }

  /// Descriptors that one wait reports: the rest is reported by the next.
  package static let readyMax = 256

  private let rawValue: Int32

  package init() throws(SystemCallError) {
    let descriptor = larder_epoll_create()
    guard descriptor >= 0 else { throw .last("epoll_create1", on: "event loop") }
    rawValue = descriptor
  }

  deinit { close(rawValue) }

  /// Watches a descriptor under `token`.
  package borrowing func add(
    _ descriptor: Int32, token: UInt64, interest: Interest
  ) throws(SystemCallError) {
    try control(1, descriptor, token, interest)
  }

  /// Changes what a watched descriptor is watched for; may be nothing.
  package borrowing func change(
    _ descriptor: Int32, token: UInt64, interest: Interest
  ) throws(SystemCallError) {
    try control(3, descriptor, token, interest)
  }

  /// Watches a descriptor no more.
  package borrowing func remove(_ descriptor: Int32) throws(SystemCallError) {
    try control(2, descriptor, 0, [])
  }

  /// Waits and replaces the content of `ready`; blocks for at most `timeoutMilliseconds`, -1 for
  /// ever. Interrupted waits return nothing.
  package borrowing func wait(
    into ready: inout [Ready], timeoutMilliseconds: Int32
  ) throws(SystemCallError) {
    ready.removeAll(keepingCapacity: true)
    let failed = withUnsafeTemporaryAllocation(of: larder_ready.self, capacity: Epoll.readyMax) {
      places in
      let count = larder_epoll_wait(
        rawValue, places.baseAddress, Int32(Epoll.readyMax), timeoutMilliseconds)
      guard count >= 0 else { return errno != EINTR }
      for place in places[..<Int(count)] {
        ready.append(
          Ready(
            token: place.token, isReadable: place.readable != 0, isWritable: place.writable != 0,
            hasEnded: place.ended != 0))
      }
      return false
    }
    if failed { throw .last("epoll_wait", on: "event loop") }
  }

  private borrowing func control(
    _ operation: Int32, _ descriptor: Int32, _ token: UInt64, _ interest: Interest
  ) throws(SystemCallError) {
    let status = larder_epoll_control(
      rawValue, operation, descriptor, token, interest.contains(.read) ? 1 : 0,
      interest.contains(.write) ? 1 : 0)
    guard status == 0 else { throw .last("epoll_ctl", on: "descriptor \(descriptor)") }
  }
}
