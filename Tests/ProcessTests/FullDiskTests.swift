import Foundation
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire
import Testing

@Suite(
  "A full disk",
  .enabled(if: SmallDisk.isAvailable, "needs root, and leave to mount a file system in memory"))
struct FullDiskTests {
  @Test("refuses a release that does not fit, keeps none of it, and serves what it has")
  func largeRelease() async throws {
    try await blocking {
      let folder = try Scratch()
      let disk = try SmallDisk(in: folder, mebibytes: 44)
      let daemon = try DaemonProcess.start(in: folder, store: disk.path + "/store", quota: 1)
      try FrameCountTests.publishGraph(to: daemon)
      var generator = SeededGenerator(seed: 7)
      // A build with one file that is larger than the disk.
      for (path, bytes) in try BuiltGraph.nested().files(of: "c") {
        try folder.write(bytes, to: "build/\(path)")
      }
      let large = generator.bytes(4 << 20)
      let film = (0..<12).flatMap { number in
        // No chunk of it is like another.
        var scene = large
        for place in stride(from: 0, to: scene.count, by: 1024) { scene[place] = UInt8(number) }
        return scene
      }
      try folder.write(film, to: "build/film.bin")
      let failure = try Failure.of(["publish", "d", folder.path("build")], daemon)
      failure.expect("noSpace", 73, names: "store")
      try Self.expectBefore(daemon)
      daemon.kill()
      let again = try DaemonProcess.start(in: folder, store: disk.path + "/store", quota: 1)
      try Self.expectBefore(again)
      #expect(again.end() == 0)
    }
  }

  @Test("refuses publication, update and put while nothing is free, and takes them once there is")
  func nothingFree() async throws {
    try await blocking {
      let folder = try Scratch()
      let disk = try SmallDisk(in: folder, mebibytes: 44)
      let daemon = try DaemonProcess.start(in: folder, store: disk.path + "/store", quota: 1)
      try FrameCountTests.publishGraph(to: daemon)
      let graph = try BuiltGraph.nested()
      let origin = try ScriptedOrigin.files(of: graph.container("c"))
      defer { origin.stop() }
      var generator = SeededGenerator(seed: 8)
      for (path, bytes) in try graph.files(of: "c") {
        try folder.write(bytes, to: "build/\(path)")
      }
      try folder.write(generator.bytes(2 << 20), to: "build/film.bin")
      try folder.write(generator.bytes(40 << 20), to: "large")
      try disk.fill()
      let refused = [
        (["publish", "d", folder.path("build")], "index.sqlite"),
        (["remote", "add", "e", origin.url], "index.sqlite"),
        (["put", folder.path("large")], disk.path),
      ]
      for (arguments, thing) in refused {
        try Failure.of(arguments, daemon).expect("noSpace", 73, names: thing)
        try Self.expectBefore(daemon)
      }
      disk.clear()
      #expect(try daemon.larder("publish", "d", folder.path("build")).status == 0)
      #expect(try daemon.larder("remote", "add", "e", origin.url).status == 0)
      #expect(try daemon.larder("remote", "update", "e").status == 0)
      #expect(try BadInputTests.planned("e/C", daemon).0 == 0)
      #expect(daemon.end() == 0)
    }
  }

  /// The releases of before, whole, and no other.
  private static func expectBefore(_ daemon: DaemonProcess) throws {
    let list = try daemon.larder("remote", "list", "--json").json(RemoteMessage.List.self)
    #expect(list.remotes.map(\.name) == ["b", "c"])
    #expect(list.remotes.allSatisfy { $0.releases.count == 1 })
    let (status, plan) = try BadInputTests.planned("b/B", daemon)
    #expect(status == 0)
    let client = try daemon.connect()
    let graph = try BuiltGraph.nested()
    for file in plan.files {
      let bytes = try client.get(try #require(file.digest))
      let expected = try graph.files(of: file.container)[file.path]
      #expect(bytes == expected, "\(file.path)")
    }
  }
}
