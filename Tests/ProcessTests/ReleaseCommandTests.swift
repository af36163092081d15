import Foundation
import LarderFederation
import LarderMessages
import Testing

@Suite("larder export, import, diff and check")
struct ReleaseCommandTests {
  /// Publishes a build of `c` with a file that tells it from others.
  private static func publish(
    _ number: Int, in folder: Scratch, to daemon: DaemonProcess
  ) throws -> String {
    for (path, bytes) in try BuiltGraph.nested().files(of: "c") {
      try folder.write(bytes, to: "build/\(path)")
    }
    try folder.write("\(number)".utf8, to: "build/number.txt")
    let published = try daemon.larder("publish", "c", folder.path("build"), "--json")
    return try published.json(ReleaseMessage.self).release
  }

  @Test("an archive makes the same releases on an empty daemon, and half of one makes none")
  func archive() async throws {
    try await blocking {
      let folder = try Scratch()
      let first = try DaemonProcess.start(in: folder)
      let releases = try (1...2).map { try Self.publish($0, in: folder, to: first) }
      let file = folder.path("releases.tar")
      let names = releases.map { "c@\($0)" }
      #expect(try first.larder("export", names[0], names[1], "-o", file).status == 0)
      let second = try DaemonProcess.start(in: try Scratch())
      let half = folder.path("half.tar")
      let bytes = try Data(contentsOf: URL(filePath: file))
      try bytes.prefix(bytes.count / 2).write(to: URL(filePath: half))
      try Failure.of(["import", half], second).expectCode("truncated", 65)
      #expect(
        try second.larder("remote", "list", "--json").json(RemoteMessage.List.self).remotes == [])
      let imported = try second.larder("import", file)
      #expect(imported.status == 0 && imported.text == names.map { "imported \($0)\n" }.joined())
      let shown = try second.larder("remote", "show", "c", "--json").json(RemoteMessage.Remote.self)
      #expect(shown.releases.map(\.release) == releases.reversed())
      #expect(shown.current?.release == releases[1])
      let again = folder.path("again.tar")
      #expect(try second.larder("export", names[0], names[1], "-o", again).status == 0)
      #expect(try Data(contentsOf: URL(filePath: again)) == bytes)
    }
  }

  @Test("a diff names what changed, and a check of a candidate needs no daemon for it")
  func compare() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      let releases = try (1...2).map { try Self.publish($0, in: folder, to: daemon) }
      let diff = try daemon.larder("diff", "c@\(releases[0])", "c")
      #expect(diff.status == 0 && diff.text.contains("number.txt"), "\(diff)")
      #expect(!diff.text.contains("remoteEntry.js"))
      try Failure.of(["diff", "c", "c@none"], daemon).expectCode("notFound", 66)
      let host = try BuiltGraph.nested().container("b").path
      let checked = try daemon.larder("check", "c", "--candidate", host, "--json")
      #expect(checked.status == 0, "\(checked)")
      let alone = try daemon.larder("check", "--candidate", host, "--fail-on", "note", "--sarif")
      #expect(alone.status == 65 && alone.text.contains("\"uncheckedRemote\""), "\(alone)")
      try Failure.of(["check"], daemon).expectCode("badRequest", 64)
    }
  }

  @Test("channels of three remotes move together, and back")
  func switching() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      let names = ["one", "three", "two"]
      func publish(_ number: Int) throws -> [String] {
        try names.map { name in
          for (path, bytes) in try BuiltGraph.nested().files(of: "c") {
            try folder.write(bytes, to: "build/\(path)")
          }
          try folder.write("\(name) \(number)".utf8, to: "build/number.txt")
          return try daemon.larder("publish", name, folder.path("build"), "--json")
            .json(ReleaseMessage.self).release
        }
      }
      let old = try publish(1)
      for (name, release) in zip(names, old) {
        #expect(try daemon.larder("remote", "channel", name, "stable", release).status == 0)
      }
      let new = try publish(2)
      func current() throws -> [String?] {
        try daemon.larder("remote", "list", "--json").json(RemoteMessage.List.self).remotes
          .map(\.current?.release)
      }
      let stable = names.map { "\($0)@stable" }
      let switched = try daemon.larder(
        "remote", "switch", "current", stable[0], stable[1], stable[2])
      #expect(switched.status == 0 && switched.text.contains(old[2]), "\(switched)")
      #expect(try current() == old)
      try Failure.of(["remote", "switch", "current", "one@stable", "two@none"], daemon)
        .expectCode("notFound", 66)
      try Failure.of(["remote", "switch", "current", "one"], daemon).expectCode("badRequest", 64)
      #expect(try daemon.larder("remote", "rollback", "one", "two", "three").status == 0)
      #expect(try current() == new)
    }
  }
}
