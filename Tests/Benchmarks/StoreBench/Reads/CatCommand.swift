import ArgumentParser
import Foundation
import LarderCore
import LarderStore
import SystemPackage

/// `store-bench cat STORE DIGEST`: the process that is timed beside `restic dump`.
struct CatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat", abstract: "Write one blob to standard output.")

  @Argument var store: String
  @Argument var digest: String

  func run() throws {
    guard let digest = LarderCore.Digest(hex: digest) else {
      throw ValidationError("a digest is 64 hexadecimal digits")
    }
    let store = try Store.open(FilePath(store))
    let bytes: [UInt8] = try store.read(digest, in: [Ingestion.realm])
    FileHandle.standardOutput.write(Data(bytes))
    try store.close()
  }
}
