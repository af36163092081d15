import Foundation
import LarderPlatform
import SystemPackage

/// Runs `body` with an empty folder of mode 0700 and removes it afterwards.
func withSocketFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
  let folder = FilePath(NSTemporaryDirectory()).appending("larder-\(UUID().uuidString.prefix(8))")
  try FileManager.default.createDirectory(
    atPath: folder.string, withIntermediateDirectories: true,
    attributes: [.posixPermissions: 0o700])
  defer {
    // Only litter in the temporary folder is at stake.
    try? FileManager.default.removeItem(atPath: folder.string)
  }
  return try body(folder)
}
