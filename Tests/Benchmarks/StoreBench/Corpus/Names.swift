import Foundation
import LarderCore
import SystemPackage

/// Which file of a corpus is which blob: what other tools keep as a tree, here lines of text.
struct Names {
  var entries: [(digest: LarderCore.Digest, file: String)]

  init(_ entries: [(digest: LarderCore.Digest, file: String)]) { self.entries = entries }

  init(reading path: String) throws {
    entries = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .compactMap { line in
        let parts = line.split(separator: " ", maxSplits: 1)
        return LarderCore.Digest(hex: parts[0]).map { ($0, String(parts[1])) }
      }
  }

  func write(to path: String) throws {
    let text = entries.map { "\($0.digest) \($0.file)\n" }.joined()
    try Data(text.utf8).write(to: URL(filePath: path))
  }
}
