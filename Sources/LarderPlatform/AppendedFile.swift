import Glibc
package import SystemPackage

/// A file to whose end lines are written, whoever else writes or cuts it meanwhile.
package final class AppendedFile: Sendable {
  private let descriptor: Int32
  private let name: String

  /// Opens a file, made with mode 0600 if there is none; a symbolic link in the last place is refused.
  ///
  /// - Parameter path: nil for standard output.
  package init(at path: FilePath?) throws(SystemCallError) {
    name = path?.string ?? "standard output"
    let opened =
      path.map { path in
        path.withPlatformString {
          open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
      } ?? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    guard opened >= 0 else { throw .last("open", on: name) }
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Writes all of the bytes; on an error some of them may be in the file. Blocks on the disk.
  package func append(_ bytes: [UInt8]) throws(SystemCallError) {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .last("write", on: name) }
      done += count
    }
  }
}
