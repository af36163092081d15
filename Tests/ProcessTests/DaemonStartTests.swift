import Foundation
import LarderClient
import LarderWire
import Testing

/// Two daemons that want the same thing.
@Suite("A second daemon")
struct DaemonStartTests {
  @Test("with the socket of a running one ends with 75 and names the socket")
  func socketInUse() async throws {
    try await blocking {
      let folder = try Scratch()
      let first = try DaemonProcess.start(in: folder)
      let ended = try #require(throws: DaemonProcess.Ended.self) {
        try DaemonProcess.start(in: folder, store: folder.path("other"))
      }
      #expect(ended.status == 75 && ended.log.contains(first.socket), "\(ended)")
      try first.connect().ping()
    }
  }

  @Test("with the store of a running one ends with 75 and names the store")
  func storeLocked() async throws {
    try await blocking {
      let folder = try Scratch()
      let first = try DaemonProcess.start(in: folder)
      let digest = try first.connect().put([1, 2, 3]).digest
      let ended = try #require(throws: DaemonProcess.Ended.self) {
        try DaemonProcess.start(in: folder, socket: folder.path("run/second"))
      }
      #expect(ended.status == 75 && ended.log.contains(folder.path("store")), "\(ended)")
      #expect(try first.connect().get(digest) == [1, 2, 3])
    }
  }

  @Test("takes over the socket that a killed one left")
  func socketLeft() async throws {
    try await blocking {
      let folder = try Scratch()
      let first = try DaemonProcess.start(in: folder)
      first.kill()
      #expect(FileManager.default.fileExists(atPath: first.socket))
      let second = try DaemonProcess.start(in: folder)
      try second.connect().ping()
      #expect(second.end() == 0)
      #expect(!FileManager.default.fileExists(atPath: second.socket))
    }
  }
}
