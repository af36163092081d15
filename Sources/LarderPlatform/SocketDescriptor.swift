import CPlatform
import Glibc
import SystemPackage

/// Owner of one connected stream socket; closes it at the end of its life.
///
/// May be used by one reading and one writing thread at a time, as the kernel allows.
package struct SocketDescriptor: ~Copyable, Sendable {
  /// What came of an attempt to read or write.
  package enum Transfer: Sendable, Hashable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing now, on a non-blocking socket.
    case wouldBlock
    /// The other side sends no more, or takes no more.
    case ended
  }

  /// Descriptors that one message carries: a quarter of what the kernel takes.
  package static let descriptorsMax = Int(LARDER_DESCRIPTORS_MAX)

  /// Buffers that one `writev` takes: IOV_MAX of Linux is 1,024, and 64 of our frames are more than
  /// a socket's buffer holds.
  package static let buffersMax = 64

  /// The number for epoll; stays owned here.
  package let rawValue: Int32

  /// Takes over an open socket.
  package init(owning rawValue: Int32) { self.rawValue = rawValue }

  deinit { close(rawValue) }

  /// A connected pair, both blocking.
  package static func pair() throws(SystemCallError) -> (Int32, Int32) {
    var ends: (Int32, Int32) = (-1, -1)
    let status = withUnsafeMutableBytes(of: &ends) {
      socketpair(
        AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0,
        $0.assumingMemoryBound(to: Int32.self).baseAddress)
    }
    guard status == 0 else { throw .last("socketpair", on: "stream") }
    return ends
  }

  /// Reads at most `buffer.count` bytes, which must not be 0; blocks unless the socket is
  /// non-blocking.
  package borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemCallError) -> Transfer {
    while true {
      let count = Glibc.read(rawValue, buffer.baseAddress, buffer.count)
      if let transfer = try SocketDescriptor.transfer(reading: count, by: "read") {
        return transfer
      }
    }
  }

  /// What a read came to; nil where a signal interrupted it.
  private static func transfer(
    reading count: Int, by call: String
  ) throws(SystemCallError) -> Transfer? {
    if count > 0 { return .bytes(count) }
    if count == 0 { return .ended }
    switch errno {
    case EINTR: return nil
    case EAGAIN: return .wouldBlock
    case ECONNRESET: return .ended
    default: throw .last(call, on: "socket")
    }
  }

  /// Writes a part of `buffers` (at most `buffersMax` of them) with one writev(2).
  ///
  /// Needs SIGPIPE ignored (`SocketSignals`): the call has no flag for that.
  package borrowing func write(
    _ buffers: UnsafeBufferPointer<UnsafeRawBufferPointer>
  ) throws(SystemCallError) -> Transfer {
    precondition(buffers.count <= SocketDescriptor.buffersMax, "too many buffers for one writev")
    let count = withUnsafeTemporaryAllocation(of: iovec.self, capacity: buffers.count) { places in
      for (place, buffer) in zip(places.indices, buffers) {
        places[place] = iovec(
          iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress), iov_len: buffer.count)
      }
      while true {
        let count = writev(rawValue, places.baseAddress, Int32(places.count))
        if count >= 0 || errno != EINTR { return count }
      }
    }
    if count >= 0 { return .bytes(count) }
    switch errno {
    case EAGAIN: return .wouldBlock
    case EPIPE, ECONNRESET: return .ended
    default: throw .last("writev", on: "socket")
    }
  }

  /// Writes a part of one buffer.
  package borrowing func write(
    _ buffer: UnsafeRawBufferPointer
  ) throws(SystemCallError) -> Transfer {
    while true {
      let count = send(rawValue, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return .bytes(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      case EPIPE, ECONNRESET: return .ended
      default: throw .last("send", on: "socket")
      }
    }
  }

  /// Writes a part of `buffer`, at least its first byte, and 1 to `descriptorsMax` descriptors with
  /// it, which stay open here.
  ///
  /// - Returns: nil where nothing can be sent now because as many descriptors of this process's user
  ///   are on their way, to whomever, as he may have open (`ETOOMANYREFS`, unix(7)).
  package borrowing func write(
    _ buffer: UnsafeRawBufferPointer, with descriptors: [Int32]
  ) throws(SystemCallError) -> Transfer? {
    precondition(
      (1...SocketDescriptor.descriptorsMax).contains(descriptors.count), "1 to 64 descriptors")
    while true {
      let count = larder_send_descriptors(
        rawValue, buffer.baseAddress, buffer.count, descriptors, Int32(descriptors.count))
      if count >= 0 { return .bytes(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      case ETOOMANYREFS: return nil
      case EPIPE, ECONNRESET: return .ended
      default: throw .last("sendmsg", on: "socket")
      }
    }
  }

  /// As `read`, and adds the descriptors that came with the bytes, which are the caller's then.
  ///
  /// - Throws: `EMFILE` where not all of them could be opened here; none is open then, and what was
  ///   sent is lost.
  package borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer, adding descriptors: inout [Int32]
  ) throws(SystemCallError) -> Transfer {
    while true {
      var came = 0 as Int32
      let count = withUnsafeTemporaryAllocation(
        of: Int32.self, capacity: SocketDescriptor.descriptorsMax
      ) { places in
        let count = larder_receive(
          rawValue, buffer.baseAddress, buffer.count, places.baseAddress, &came)
        descriptors += places[..<Int(came)]
        return count
      }
      if let transfer = try SocketDescriptor.transfer(reading: count, by: "recvmsg") {
        return transfer
      }
    }
  }

  /// Whether the peer has read everything that was written.
  package borrowing func isRead() throws(SystemCallError) -> Bool {
    let count = larder_unread_bytes(rawValue)
    guard count >= 0 else { throw .last("ioctl(SIOCOUTQ)", on: "socket") }
    return count == 0
  }

  /// Waits until reading (or writing) can go on, at most `timeoutMilliseconds`, -1 for ever.
  ///
  /// - Returns: false if the time passed.
  package borrowing func wait(
    toRead: Bool, timeoutMilliseconds: Int32
  ) throws(SystemCallError) -> Bool {
    var request = pollfd(
      fd: rawValue, events: Int16(toRead ? POLLIN : POLLOUT), revents: 0)
    while true {
      let count = poll(&request, 1, timeoutMilliseconds)
      if count > 0 { return true }
      if count == 0 { return false }
      if errno != EINTR { throw .last("poll", on: "socket") }
    }
  }

  /// Makes reads and writes return `wouldBlock` instead of waiting.
  package borrowing func setNonBlocking() throws(SystemCallError) {
    let flags = fcntl(rawValue, F_GETFL)
    guard flags >= 0, fcntl(rawValue, F_SETFL, flags | O_NONBLOCK) == 0 else {
      throw .last("fcntl", on: "socket")
    }
  }

  /// Ends the stream in the direction of the other side, which then reads its end.
  package borrowing func shutdownWriting() {
    // A socket that is gone already has nothing left to end.
    _ = shutdown(rawValue, Int32(SHUT_WR))
  }

  /// Ends the stream both ways before the descriptor is closed.
  package borrowing func shutdownBoth() {
    // As above.
    _ = shutdown(rawValue, Int32(SHUT_RDWR))
  }
}
