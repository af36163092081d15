import DiskRig
import Glibc
import SystemPackage

/// A file system of a few MiB in memory, mounted in a folder for one test.
///
/// Scratch folders of the process tests have one as well; theirs is driven through a daemon.
final class SmallDisk {
  struct NotMounted: Error { let errno: Int32 }

  let path: FilePath
  /// Held, since it cannot be removed before the disk is gone.
  private let scratch = Scratch()

  /// Whether this process may mount one; root in a container often may not.
  static let isAvailable = (try? SmallDisk(mebibytes: 1)) != nil

  init(mebibytes: Int) throws {
    path = scratch.path.appending("disk")
    Glibc.mkdir(path.string, 0o700)
    guard mount("tmpfs", path.string, "tmpfs", 0, "size=\(mebibytes)m,mode=0700") == 0 else {
      throw NotMounted(errno: errno)
    }
  }

  deinit { umount2(path.string, Int32(MNT_DETACH)) }
}
