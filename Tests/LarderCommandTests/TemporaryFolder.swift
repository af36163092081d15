import Foundation
import SystemPackage

/// A folder that exists while `body` runs.
func withTemporaryFolder(_ body: (FilePath) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "larder-command-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer {
    // What is left of a test's folder harms nobody.
    try? FileManager.default.removeItem(at: folder)
  }
  try body(FilePath(folder.resolvingSymlinksInPath().path))
}

extension FilePath {
  /// Writes a file, and the folders above it.
  func write(_ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: removingLastComponent().string, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: string))
  }

  /// The text of a file.
  func read() throws -> String { try String(contentsOfFile: string, encoding: .utf8) }

  /// The names in a folder, hidden ones too.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: string).sorted()
  }
}
