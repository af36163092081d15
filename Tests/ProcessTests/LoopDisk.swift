import Foundation
import Glibc

/// An ext4 file system in a file, whose power can be cut.
final class LoopDisk: Sendable {
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// Where it is mounted.
  let path: String
  private let image: String
  /// Held, since it cannot be removed before the disk is gone.
  private let folder: Scratch

  /// Whether this process may mount one; root in a container often may not.
  static let isAvailable: Bool = {
    do {
      _ = try LoopDisk(in: Scratch(), mebibytes: 8)
      return true
    } catch { return false }
  }()

  init(in folder: Scratch, mebibytes: Int) throws {
    self.folder = folder
    path = folder.path("disk")
    image = folder.path("disk.img")
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let descriptor = open(image, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, off_t(mebibytes) << 20) == 0 else {
      throw Failed(description: "no file for a disk")
    }
    close(descriptor)
    try Self.run("/usr/sbin/mkfs.ext4", "-q", image)
    try mount()
  }

  deinit {
    // Lazily: a daemon that a failed test left has files open.
    umount2(path, Int32(MNT_DETACH))
  }

  /// From now on every write fails, and what was not synced is gone: ext4's shutdown ioctl, which
  /// leaves the journal as it is on the disk (`EXT4_IOC_SHUTDOWN`, `NOLOGFLUSH`; ext4.h).
  func cutPower() throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    var flags: UInt32 = 2
    guard ioctl(descriptor, 0x8004_587d, &flags) == 0 else {
      throw Failed(description: "no power cut: errno \(errno)")
    }
  }

  /// Brings the disk back as a machine that starts again finds it. Nobody may have a file open.
  func restorePower() throws {
    guard umount2(path, 0) == 0 else { throw Failed(description: "in use: errno \(errno)") }
    try mount()
  }

  private func mount() throws {
    try Self.run("/usr/bin/mount", "-o", "loop", image, path)
    chmod(path, 0o700)
  }

  private static func run(_ program: String, _ arguments: String...) throws {
    let outcome = try Outcome.of(program, arguments)
    guard outcome.status == 0 else { throw Failed(description: "\(program): \(outcome)") }
  }
}
