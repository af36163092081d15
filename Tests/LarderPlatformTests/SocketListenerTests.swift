import Foundation
import LarderPlatform
import SystemPackage
import Testing

@Suite("SocketListener")
struct SocketListenerTests {
  @Test("who connects is accepted, known by uid and heard")
  func accept() throws {
    try withSocketFolder { folder in
      let path = folder.appending("s")
      let listener = try SocketListener(listeningAt: path)
      guard case .none = try listener.accept() else {
        Issue.record("somebody connected before anybody could")
        return
      }
      let client = try SocketDescriptor.connect(to: path)
      guard case .connection(let server) = try listener.accept() else {
        Issue.record("nobody was accepted")
        return
      }
      let peer = try server.peerCredentials()
      #expect(peer.uid == geteuid())
      #expect(peer.pid == getpid())
      let sent: [UInt8] = [1, 2, 3]
      #expect(try sent.withUnsafeBytes { try client.write($0) } == .bytes(3))
      var received = [UInt8](repeating: 0, count: 8)
      #expect(try received.withUnsafeMutableBytes { try server.read(into: $0) } == .bytes(3))
      #expect(Array(received[..<3]) == sent)
      #expect(try received.withUnsafeMutableBytes { try server.read(into: $0) } == .wouldBlock)
      client.shutdownWriting()
      #expect(try received.withUnsafeMutableBytes { try server.read(into: $0) } == .ended)
    }
  }

  @Test("a path where a daemon answers is refused by name, and the daemon keeps its socket")
  func inUse() throws {
    try withSocketFolder { folder in
      let path = folder.appending("s")
      let listener = try SocketListener(listeningAt: path)
      let error = failure { _ = try SocketListener(listeningAt: path) }
      #expect(error?.errno == .addressInUse)
      #expect(error?.object == path.string)
      _ = try SocketDescriptor.connect(to: path)
      _ = listener.rawValue
    }
  }

  @Test("a socket file that nobody answers on is replaced, another file never is")
  func leftOver() throws {
    try withSocketFolder { folder in
      let path = folder.appending("s")
      try leaveSocketFile(at: path)
      #expect(FileManager.default.fileExists(atPath: path.string))
      let listener = try SocketListener(listeningAt: path)
      _ = try SocketDescriptor.connect(to: path)
      _ = listener.rawValue

      let file = folder.appending("file")
      _ = FileManager.default.createFile(atPath: file.string, contents: Data([1]))
      let error = failure { _ = try SocketListener(listeningAt: file) }
      #expect(error?.errno == .addressInUse)
      #expect(FileManager.default.contents(atPath: file.string) == Data([1]))
    }
  }

  @Test("the path goes with the listener, unless another took it")
  func unlink() throws {
    try withSocketFolder { folder in
      let path = folder.appending("s")
      do {
        let listener = try SocketListener(listeningAt: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        _ = listener.rawValue
      }
      #expect(!FileManager.default.fileExists(atPath: path.string))
      do {
        let first = try SocketListener(listeningAt: path)
        try FileManager.default.removeItem(atPath: path.string)
        _ = FileManager.default.createFile(atPath: path.string, contents: nil)
        _ = first.rawValue
      }
      #expect(FileManager.default.fileExists(atPath: path.string))
    }
  }

  @Test("a folder that others may write to is refused")
  func openFolder() throws {
    try withSocketFolder { folder in
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o777], ofItemAtPath: folder.string)
      let error = failure { _ = try SocketListener(listeningAt: folder.appending("s")) }
      #expect(error?.errno == .notPermitted)
      #expect(error?.object == folder.string)
    }
  }

  @Test("107 bytes are the longest path, 108 are refused by name")
  func longPath() throws {
    try withSocketFolder { folder in
      let room = 107 - folder.string.utf8.count - 1
      let longest = folder.appending(String(repeating: "x", count: room))
      let listener = try SocketListener(listeningAt: longest)
      _ = listener.rawValue
      let beyond = folder.appending(String(repeating: "x", count: room + 1))
      #expect(failure { _ = try SocketListener(listeningAt: beyond) }?.errno == .fileNameTooLong)
    }
  }

  @Test("connecting where nobody is says so")
  func absent() throws {
    try withSocketFolder { folder in
      let path = folder.appending("s")
      #expect(
        failure { _ = try SocketDescriptor.connect(to: path) }?.errno == .noSuchFileOrDirectory)
      try leaveSocketFile(at: path)
      #expect(failure { _ = try SocketDescriptor.connect(to: path) }?.errno == .connectionRefused)
    }
  }

  /// What a killed daemon leaves behind: a bound socket file without a listener.
  private func leaveSocketFile(at path: FilePath) throws {
    let kept = path.removingLastComponent().appending("kept")
    let listener = try SocketListener(listeningAt: path)
    // A renamed socket is not the listener's to remove, and comes back when it is gone.
    try FileManager.default.moveItem(atPath: path.string, toPath: kept.string)
    _ = consume listener
    try FileManager.default.moveItem(atPath: kept.string, toPath: path.string)
  }

  private func failure(of body: () throws -> Void) -> SystemCallError? {
    do {
      try body()
      return nil
    } catch { return error as? SystemCallError }
  }
}
