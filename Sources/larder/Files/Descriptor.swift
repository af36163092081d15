import Glibc
import LarderPlatform

/// Calls on bare descriptors, repeated when a signal interrupts them.
enum Descriptor {
  /// Reads a part of what is there; 0 at the end. Blocks.
  static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, named name: String
  ) throws(SystemCallError) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw .last("read", on: name) }
    }
  }

  /// Writes everything; blocks.
  static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, named name: String
  ) throws(SystemCallError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if errno == EAGAIN {
        // Standard output may be a pipe that another process made non-blocking.
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wanted, 1, -1)
      } else if errno != EINTR {
        throw .last("write", on: name)
      }
    }
  }
}
