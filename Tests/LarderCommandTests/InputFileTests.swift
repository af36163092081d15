import Foundation
import LarderClient
import SystemPackage
import Testing

@testable import larder

@Suite("An input file")
struct InputFileTests {
  @Test("is read whole up to the limit, and refused one byte past it")
  func limit() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending("f")
      try path.write("12345")
      #expect(try InputFile(path: path.string).readAll(sizeMax: 5) == Array("12345".utf8))
      #expect(code { _ = try InputFile(path: path.string).readAll(sizeMax: 4) } == "tooLarge")
    }
  }

  @Test("does not pass for whole if it grows or shrinks while it is read", arguments: ["1234", ""])
  func changes(_ text: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending("f")
      try path.write("123")
      let file = try InputFile(path: path.string)
      let handle = try FileHandle(forWritingTo: URL(filePath: path.string))
      try handle.truncate(atOffset: 0)
      try handle.write(contentsOf: Data(text.utf8))
      var failure: ClientError?
      do throws(ClientError) {
        _ = try file.readAll(sizeMax: 100)
      } catch {
        failure = error
      }
      #expect(failure?.code == .truncated)
    }
  }

  @Test("is named in the error if it is missing or a folder")
  func refusals() throws {
    try withTemporaryFolder { folder in
      #expect(code { _ = try InputFile(path: folder.appending("none").string) } == "notFound")
      #expect(code { _ = try InputFile(path: folder.string) } == "io")
      #expect(code { _ = try InputFile(regularFileAt: "/dev/null") } == "io")
    }
  }
}
