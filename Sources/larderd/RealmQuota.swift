import ArgumentParser
import LarderCore

/// What one realm may take on disk, written `name=GiB`.
struct RealmQuota: ExpressibleByArgument, Sendable {
  let realm: String
  let quota: ByteCount

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let size = Int64(parts[1]), (1...16384).contains(size) else {
      return nil
    }
    realm = String(parts[0])
    quota = .gibibytes(size)
  }
}
