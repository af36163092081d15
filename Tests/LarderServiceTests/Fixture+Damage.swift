import Foundation
import LarderCore
import LarderStore
import SystemPackage
import Testing

@testable import LarderService

extension Fixture {
  /// Turns a bit of a blob's record on disk.
  ///
  /// - Parameter offset: in the blob's segment; nil for the blob's first byte of payload.
  func damage(_ digest: Digest, at offset: Int64? = nil) throws {
    let blob = try #require(store.describe(digest, in: peer.realm))
    let name = String(repeating: "0", count: 16) + String(blob.segment, radix: 16)
    let path = store.directory.appending("segments").appending("\(name.suffix(16)).seg")
    let file = try #require(FileHandle(forUpdatingAtPath: path.string))
    defer { try? file.close() }
    // A record's header takes 72 bytes (docs/disk-format.md).
    let place = UInt64(offset ?? blob.offset + 72)
    try file.seek(toOffset: place)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: place)
    try file.write(contentsOf: [byte ^ 1])
  }
}
