import Foundation
import LarderCore
import LarderMessages
import Testing

extension DaemonProcess {
  /// Turns a bit of a blob's record in the default store of `folder`.
  func damage(_ digest: Digest, in folder: Scratch) throws {
    let why = try larder("store", "why", digest.hex, "--json").json(AdminMessage.Reasons.self)
    let blob = try #require(why.blob)
    let name = String(repeating: "0", count: 16) + String(blob.segment, radix: 16)
    let path = folder.path("store/segments/\(name.suffix(16)).seg")
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    defer { try? file.close() }
    // A record's header takes 72 bytes (docs/disk-format.md).
    let place = UInt64(blob.offset) + 72
    try file.seek(toOffset: place)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: place)
    try file.write(contentsOf: [byte ^ 1])
  }
}
