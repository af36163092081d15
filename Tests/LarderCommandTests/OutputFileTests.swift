import Foundation
import LarderClient
import SystemPackage
import Testing

@testable import larder

@Suite("An output file")
struct OutputFileTests {
  private func write(_ text: String, to path: FilePath, commits: Bool = true) throws {
    var file = try OutputFile(path: path.string)
    try Array(text.utf8).withUnsafeBytes { bytes in try file.write(bytes) }
    if commits { try file.commit() }
  }

  @Test("appears with all its bytes, and nothing beside it")
  func appears() throws {
    try withTemporaryFolder { folder in
      try write("whole", to: folder.appending("out"))
      #expect(try folder.appending("out").read() == "whole")
      #expect(try folder.names() == ["out"])
    }
  }

  @Test("stays what it was if it is not committed")
  func stays() throws {
    try withTemporaryFolder { folder in
      try folder.appending("out").write("before")
      try write("half", to: folder.appending("out"), commits: false)
      try write("half", to: folder.appending("new"), commits: false)
      #expect(try folder.appending("out").read() == "before")
      #expect(try folder.names() == ["out"])
    }
  }

  @Test("replaces the file behind a link, not the link")
  func links() throws {
    try withTemporaryFolder { folder in
      try folder.appending("real").write("before")
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending("link").string, withDestinationPath: "real")
      try write("after", to: folder.appending("link"))
      #expect(try folder.appending("real").read() == "after")
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: folder.appending("link").string)
          == "real")
    }
  }

  @Test("writes into a device and leaves it where it is")
  func devices() throws {
    try write("nothing", to: "/dev/null")
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type]
    #expect(type as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test("says that a device is full, with the code for that")
  func full() {
    #expect {
      try write("too much", to: "/dev/full")
    } throws: { error in
      (error as? ClientError)?.exitStatus == 73
    }
  }

  @Test("refuses a folder and names it")
  func folders() throws {
    try withTemporaryFolder { folder in
      #expect {
        try write("x", to: folder)
      } throws: { error in
        (error as? ClientError)?.subject == folder.string
      }
    }
  }
}
