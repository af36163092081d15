import LarderCore
import LarderPlatform
import SystemPackage

/// Disk space that is held back, as a file, so that a collection can move and commit on a full
/// disk.
///
/// As large as one segment and the index's log, but no more than a 16th of quota or disk. Given up by the first collection that meets a full
/// disk, taken again when it has freed some.
struct SpaceReserve: Sendable {
  private let path: FilePath
  private let system: FileSystem
  private let byteCount: Int64

  init(in directory: FilePath, options: Store.Options, system: FileSystem) {
    path = directory.appending("reserve")
    self.system = system
    // Where the file system does not tell its size, the quota bounds it alone.
    let disk = (try? system.space(at: directory).totalBytes) ?? .max
    byteCount = min(
      options.segmentCapacity + SpaceReserve.indexRoom, options.quota.value / 16, disk / 16)
  }

  /// Takes the space, where there is any; without it a full disk only refuses more.
  func renew() {
    // Nobody waits for it: a later collection tries again.
    guard let file = try? system.open(path, for: .readWriteOrCreate) else { return }
    // Half a reserve is none, and a file that stays is counted.
    if (try? file.allocate(byteCount)) == nil { try? file.truncate(to: 0) }
  }

  /// Gives the space back, for the collection that needs it now.
  func spend() {
    // Gone already, or not to be had: the caller's next call on the disk tells.
    try? system.unlink(path)
  }

  /// The log of the index is folded in at 4 MiB.
  private static let indexRoom: Int64 = 4 << 20
}
