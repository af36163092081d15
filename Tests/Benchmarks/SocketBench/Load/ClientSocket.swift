import BenchRig
import Glibc
import LarderPlatform
import SystemPackage

/// The client's end of a connection.
struct ClientSocket: ~Copyable {
  /// Whoever does not answer for so long has failed.
  private static let patienceSeconds = 20

  let socket: SocketDescriptor

  /// - Parameter isBlocking: else a read of nothing gives 0 bytes at once.
  init(path: String, isBlocking: Bool) throws {
    let socket = try SocketDescriptor.connect(to: FilePath(path))
    var patience = timeval(tv_sec: ClientSocket.patienceSeconds, tv_usec: 0)
    if isBlocking {
      setsockopt(
        socket.rawValue, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    } else {
      try socket.setNonBlocking()
    }
    self.socket = socket
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    try ClientSocket.count(try socket.read(into: buffer))
  }

  /// As `read`, and adds descriptors that came along.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, adding descriptors: inout [Int32]
  ) throws -> Int {
    try ClientSocket.count(try socket.read(into: buffer, adding: &descriptors))
  }

  /// Writes everything, waiting where it has to.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      switch try socket.write(UnsafeRawBufferPointer(rebasing: bytes[done...])) {
      case .bytes(let count): done += count
      case .wouldBlock:
        let milliseconds = Int32(ClientSocket.patienceSeconds * 1000)
        guard try socket.wait(toRead: false, timeoutMilliseconds: milliseconds) else {
          throw WrongAnswer("a request was not taken")
        }
      case .ended: throw WrongAnswer("the server closed the connection")
      }
    }
  }

  func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  /// Waits until something can be read.
  func waitToRead() throws {
    let milliseconds = Int32(ClientSocket.patienceSeconds * 1000)
    guard try socket.wait(toRead: true, timeoutMilliseconds: milliseconds) else {
      throw WrongAnswer("no answer")
    }
  }

  /// Reads exactly so many bytes.
  func read(exactly count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      try waitToRead()
      done += try bytes.withUnsafeMutableBytes {
        try read(into: UnsafeMutableRawBufferPointer(rebasing: $0[done...]))
      }
    }
    return bytes
  }

  private static func count(_ transfer: SocketDescriptor.Transfer) throws -> Int {
    switch transfer {
    case .bytes(let count): return count
    case .wouldBlock: return 0
    case .ended: throw WrongAnswer("the server closed the connection")
    }
  }
}
