import ArgumentParser
import LarderCore

/// What one realm may take on disk, written `name=GiB`.
struct RealmQuota: ExpressibleByArgument, Sendable {
  /// GiB that a realm, or all of them, may take.
  static let range: ClosedRange<Int64> = 1...16384

  let realm: String
  let quota: ByteCount

  init(realm: String, quota: ByteCount) {
    self.realm = realm
    self.quota = quota
  }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let size = Int64(parts[1]), Self.range.contains(size) else {
      return nil
    }
    self.init(realm: String(parts[0]), quota: .gibibytes(size))
  }
}
