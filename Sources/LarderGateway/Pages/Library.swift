import CAssets
import Crypto
import LarderCore

/// The JavaScript that is part of the program: the host library for pages, and the way in which
/// remotes are found by name.
struct Library: Sendable {
  /// One of its files.
  struct File: Sendable {
    let bytes: [UInt8]
    let digest: LarderCore.Digest
  }

  /// What the gateway puts a release behind.
  static let entryPath = "lib/gateway/entry.js"

  /// All that is embedded, by its path.
  static let embedded: [String: File] = {
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

  /// By path below the package.
  let files: [String: File]
  /// An expression for a function that takes a release.
  let entry: [UInt8]

  init() {
    var files = Self.embedded.filter { !$0.key.hasPrefix(ConsoleFiles.folder) }
    entry = files.removeValue(forKey: Self.entryPath)?.bytes ?? []
    precondition(!entry.isEmpty, "\(Self.entryPath) is embedded")
    self.files = files
  }
}
