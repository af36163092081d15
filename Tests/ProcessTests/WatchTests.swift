import Foundation
import Glibc
import LarderMessages
import LarderPlatform
import Testing

@Suite("larder remote watch")
struct WatchTests {
  @Test("prints what is current, then each move, until the daemon ends")
  func watch() async throws {
    try await blocking {
      let folder = try Scratch()
      let build = try BuiltGraph.nested().files(of: "c")
      let daemon = try DaemonProcess.start(in: folder)
      func publish(_ number: Int) throws -> String {
        for (path, bytes) in build { try folder.write(bytes, to: "build/\(path)") }
        try folder.write("\(number)".utf8, to: "build/number.txt")
        let published = try daemon.larder("publish", "c", folder.path("build"), "--json")
        return try published.json(Published.self).release
      }
      let lines = try Lines { output in
        try ChildProcess(
          ChildProcess.programs.appending(path: "larder").path, ["remote", "watch", "c", "none"],
          environment: ["LARDER_SOCKET": daemon.socket], output: output, errors: output)
      }
      #expect(lines.next() == "c -" && lines.next() == "none -")
      let first = try publish(1)
      #expect(lines.next() == "c \(first)")
      let second = try publish(2)
      #expect(lines.next() == "c \(second)")
      #expect(try daemon.larder("remote", "rollback", "c").status == 0)
      #expect(lines.next() == "c \(first)")
      #expect(try daemon.larder("remote", "remove", "c").status == 0)
      #expect(lines.next() == "c -")
      // Who has asked again is told; who has not finds nobody.
      try daemon.settle { $0.machine?.requests["watch"] == 6 }
      #expect(daemon.end() == 0)
      #expect(lines.child.wait() == 75)
    }
  }

  private struct Published: Decodable {
    let release: String
  }
}

/// A program, and the lines that it prints while it runs.
private final class Lines {
  let child: ChildProcess
  private let reading: Int32

  init(_ start: (Int32) throws -> ChildProcess) throws {
    let (reading, writing) = try SocketDescriptor.pair()
    self.reading = reading
    defer { close(writing) }
    // A program that prints nothing fails the test and does not hang it.
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(
      reading, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    child = try start(writing)
  }

  deinit { close(reading) }

  /// The next line; nil at the end.
  func next() -> String? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(reading, &byte, 1) == 1 {
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    return nil
  }
}
