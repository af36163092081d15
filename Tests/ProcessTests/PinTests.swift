import Foundation
import LarderClient
import LarderMessages
import Testing

@Suite("larder pin")
struct PinTests {
  @Test("keeps a release over a kill and eight newer ones, until it is unpinned")
  func pin() async throws {
    try await blocking {
      let folder = try Scratch()
      let build = try BuiltGraph.nested().files(of: "c")
      let first = try DaemonProcess.start(in: folder)
      func publish(_ number: Int, to daemon: DaemonProcess) throws -> String {
        for (path, bytes) in build { try folder.write(bytes, to: "build/\(path)") }
        try folder.write("\(number)".utf8, to: "build/number.txt")
        let published = try daemon.larder("publish", "c", folder.path("build"), "--json")
        return try published.json(ReleaseMessage.self).release
      }
      let release = try publish(0, to: first)
      let pinned = try first.larder("pin", "c@current", "--json").json(PinMessage.List.self)
      #expect(pinned.pins.map(\.release) == [release] && pinned.bytesMax == 512 << 20)
      first.kill()
      let daemon = try DaemonProcess.start(in: folder)
      for number in 1...9 { _ = try publish(number, to: daemon) }
      func kept() throws -> [String] {
        try daemon.larder("remote", "show", "c", "--json").json(RemoteMessage.Remote.self)
          .releases.map(\.release)
      }
      #expect(try kept().contains(release))
      #expect(try daemon.larder("pin").text.contains("c@\(release)"))
      try Failure.of(["pin", "c@next"], daemon).expectCode("notFound", 66)
      try Failure.of(["pin", "nav@current"], daemon).expectCode("unknownRemote", 66)
      try Failure.of(["unpin", "c"], daemon).expectCode("badRequest", 64)
      #expect(try daemon.larder("unpin", "c@\(release)").status == 0)
      _ = try publish(10, to: daemon)
      #expect(try !kept().contains(release))
    }
  }
}
