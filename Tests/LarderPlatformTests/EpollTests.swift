import Testing

@testable import LarderPlatform

@Suite("Epoll and EventSignal")
struct EpollTests {
  @Test("a raised signal wakes the watcher until it is cleared")
  func signal() throws {
    let epoll = try Epoll()
    let signal = try EventSignal()
    try epoll.add(signal.rawValue, token: 7, interest: .read)
    var ready: [Epoll.Ready] = []
    try epoll.wait(into: &ready, timeoutMilliseconds: 0)
    #expect(ready.isEmpty)
    signal.raise()
    signal.raise()
    for _ in 0..<2 {
      try epoll.wait(into: &ready, timeoutMilliseconds: -1)
      #expect(ready.map(\.token) == [7])
      #expect(ready.first?.isReadable == true)
    }
    signal.clear()
    try epoll.wait(into: &ready, timeoutMilliseconds: 0)
    #expect(ready.isEmpty)
  }

  @Test("a socket is told readable, writable and ended as its interest says")
  func socket() throws {
    let ends = try SocketDescriptor.pair()
    let near = SocketDescriptor(owning: ends.0)
    let epoll = try Epoll()
    var ready: [Epoll.Ready] = []
    do {
      let far = SocketDescriptor(owning: ends.1)
      try epoll.add(near.rawValue, token: 1, interest: [])
      try epoll.wait(into: &ready, timeoutMilliseconds: 0)
      #expect(ready.isEmpty)
      try epoll.change(near.rawValue, token: 2, interest: .write)
      try epoll.wait(into: &ready, timeoutMilliseconds: 0)
      #expect(
        ready == [Epoll.Ready(token: 2, isReadable: false, isWritable: true, hasEnded: false)])
      try epoll.change(near.rawValue, token: 3, interest: .read)
      _ = try ([1] as [UInt8]).withUnsafeBytes { try far.write($0) }
      try epoll.wait(into: &ready, timeoutMilliseconds: 0)
      #expect(
        ready == [Epoll.Ready(token: 3, isReadable: true, isWritable: false, hasEnded: false)])
      try epoll.change(near.rawValue, token: 4, interest: [])
    }
    try epoll.wait(into: &ready, timeoutMilliseconds: 0)
    #expect(ready.map(\.hasEnded) == [true])
    try epoll.remove(near.rawValue)
    try epoll.wait(into: &ready, timeoutMilliseconds: 0)
    #expect(ready.isEmpty)
  }

  @Test("one call writes several buffers")
  func gathered() throws {
    SocketSignals.ignoreBrokenPipe()
    let ends = try SocketDescriptor.pair()
    let near = SocketDescriptor(owning: ends.0)
    do {
      let far = SocketDescriptor(owning: ends.1)
      let parts: [[UInt8]] = [[1], [2, 3], [4]]
      let count = try parts[0].withUnsafeBytes { first in
        try parts[1].withUnsafeBytes { second in
          try parts[2].withUnsafeBytes { third in
            try [first, second, third].withUnsafeBufferPointer { try near.write($0) }
          }
        }
      }
      #expect(count == .bytes(4))
      var received = [UInt8](repeating: 0, count: 8)
      #expect(try received.withUnsafeMutableBytes { try far.read(into: $0) } == .bytes(4))
      #expect(Array(received[..<4]) == [1, 2, 3, 4])
    }
    // Without SIGPIPE ignored this line ends the process.
    let byte: [UInt8] = [1]
    let transfer = try byte.withUnsafeBytes { bytes in
      try [bytes].withUnsafeBufferPointer { try near.write($0) }
    }
    #expect(transfer == .ended)
  }
}
