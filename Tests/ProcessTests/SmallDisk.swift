import Foundation
import Glibc

/// A file system of a few MiB in memory, for tests of what happens when it is full.
final class SmallDisk: Sendable {
  struct NotMounted: Error { let errno: Int32 }

  /// Where it is mounted.
  let path: String
  /// Held, since it cannot be removed before the disk is gone.
  private let folder: Scratch

  /// Whether this process may mount one; root in a container often may not.
  static let isAvailable: Bool = {
    do {
      _ = try SmallDisk(in: Scratch(), mebibytes: 1)
      return true
    } catch { return false }
  }()

  init(in folder: Scratch, mebibytes: Int) throws {
    self.folder = folder
    path = folder.path("disk")
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(mebibytes)m,mode=0700") == 0 else {
      throw NotMounted(errno: errno)
    }
  }

  deinit {
    // Lazily: a daemon that a failed test left has files open.
    umount2(path, Int32(MNT_DETACH))
  }

  /// Takes all room that is left, in a file.
  func fill() throws {
    let descriptor = open(path + "/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw POSIXError(.EIO) }
    defer { close(descriptor) }
    for size in [1 << 20, 4096] {
      let piece = [UInt8](repeating: 1, count: size)
      while write(descriptor, piece, size) == size {}
    }
  }

  /// Gives the room back.
  func clear() { unlink(path + "/filler") }
}
