import Foundation
import Glibc
import LarderFederation
import SystemPackage
import Testing

@testable import larder

@Suite("The folder of a build")
struct BuildFolderTests {
  @Test("lists every file by its path, hidden and nested ones too")
  func files() throws {
    try withTemporaryFolder { folder in
      for path in ["stats.json", "main.js", "locales/de/text.js", ".well-known"] {
        try FilePath("\(folder)/\(path)").write(path)
      }
      let files = try BuildFolder(path: folder).files()
      #expect(files.map(\.path) == [".well-known", "locales/de/text.js", "main.js", "stats.json"])
      #expect(files.map(\.sizeBytes) == [11, 18, 7, 10])
    }
  }

  @Test("needs statistics or an entry")
  func statistics() throws {
    try withTemporaryFolder { folder in
      #expect(code { _ = try BuildFolder(path: folder).containers() } == "invalidBuild")
      #expect(code { _ = try BuildFolder(path: folder.appending("none")) } == "notFound")
      try folder.appending("stats.json").write("{")
      #expect(code { _ = try BuildFolder(path: folder).containers() } == "invalidBuild")
    }
  }

  @Test("follows a link to a file within, and takes it for that file")
  func linksWithin() throws {
    try withTemporaryFolder { folder in
      try folder.appending("stats.json").write("{}")
      try folder.appending("real.js").write("12345")
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending("link.js").string, withDestinationPath: "real.js")
      let files = try BuildFolder(path: folder).files()
      #expect(files.map(\.path) == ["link.js", "real.js", "stats.json"])
      #expect(files[0].location == folder.appending("real.js").string)
    }
  }

  @Test(
    "refuses links that lead out, links to folders and links to nothing",
    arguments: ["/etc/passwd", "..", "../outside", ".", "missing"])
  func linksOutside(_ target: String) throws {
    try withTemporaryFolder { folder in
      try folder.appending("outside").write("secret")
      let build = folder.appending("build")
      try build.appending("stats.json").write("{}")
      try FileManager.default.createSymbolicLink(
        atPath: build.appending("link").string, withDestinationPath: target)
      #expect(code { _ = try BuildFolder(path: build).files() } != nil)
    }
  }

  @Test("does not take a neighbour whose name begins alike for its own")
  func neighbours() throws {
    try withTemporaryFolder { folder in
      let build = folder.appending("build")
      try build.appending("stats.json").write("{}")
      try folder.appending("build-secret").appending("key").write("secret")
      try FileManager.default.createSymbolicLink(
        atPath: build.appending("link").string, withDestinationPath: "../build-secret/key")
      #expect(code { _ = try BuildFolder(path: build).files() } == "invalidBuild")
    }
  }

  @Test("refuses what is neither file nor folder, without opening it")
  func pipes() throws {
    try withTemporaryFolder { folder in
      try folder.appending("stats.json").write("{}")
      #expect(mkfifo(folder.appending("pipe").string, 0o600) == 0)
      #expect(code { _ = try BuildFolder(path: folder).files() } == "invalidBuild")
    }
  }

  @Test("ends at its depth limit, and takes what is at it")
  func depth() throws {
    try withTemporaryFolder { folder in
      try folder.appending("stats.json").write("{}")
      let deep = String(repeating: "d/", count: BuildFolder.depthMax)
      try FilePath("\(folder)/\(deep)file").write("x")
      #expect(try BuildFolder(path: folder).files().count == 2)
      try FilePath("\(folder)/\(deep)d/file").write("x")
      #expect(code { _ = try BuildFolder(path: folder).files() } == "tooLarge")
    }
  }

  @Test("ends at its limit of files, and takes as many")
  func count() throws {
    try withTemporaryFolder { folder in
      try folder.appending("stats.json").write("{}")
      let start = folder.string
      for number in 1..<BuildFolder.filesMax {
        close(creat("\(start)/\(number)", 0o600))
      }
      #expect(try BuildFolder(path: folder).files().count == BuildFolder.filesMax)
      try folder.appending("one more").write("")
      #expect(code { _ = try BuildFolder(path: folder).files() } == "tooLarge")
    }
  }

  @Test("is held to its statistics: code that is missing, files of another size")
  func check() throws {
    try withTemporaryFolder { folder in
      try folder.appending("stats.json").write("{}")
      try folder.appending("remoteEntry.js").write("12345")
      let build = try BuildFolder(path: folder)
      let files = try build.files()
      func container(_ chunk: String, size: Int64) -> ContainerFacts {
        ContainerFacts(
          name: "nav", chunks: [ChunkFacts(id: "1", files: [chunk])],
          assets: [AssetFacts(name: "remoteEntry.js", size: size)])
      }
      let good = container("remoteEntry.js?v=1", size: 5)
      #expect(code { try build.check(files, against: [good]) } == nil)
      let missing = container("1.js", size: 5)
      #expect(code { try build.check(files, against: [missing]) } == "invalidBuild")
      let shorter = container("remoteEntry.js", size: 6)
      #expect(code { try build.check(files, against: [shorter]) } == "truncated")
    }
  }
}
