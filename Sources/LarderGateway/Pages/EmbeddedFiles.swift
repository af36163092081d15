import CAssets
import Crypto
import LarderCore

/// What pages load that is part of the program (`#embed`).
enum EmbeddedFiles {
  struct File: Sendable {
    let bytes: [UInt8]
    let digest: LarderCore.Digest
  }

  /// Where the console's stand; all others are the host library's.
  static let consoleFolder = "console/"

  /// By path.
  static let all: [String: File] = {
    var files: [String: File] = [:]
    for index in 0..<larder_asset_count() {
      let asset = larder_asset_at(index)
      let bytes = Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
      guard let digest = LarderCore.Digest(Array(SHA256.hash(data: bytes))) else {
        preconditionFailure("a SHA-256 value has 32 bytes")
      }
      files[String(cString: asset.path)] = File(bytes: bytes, digest: digest)
    }
    return files
  }()
}
