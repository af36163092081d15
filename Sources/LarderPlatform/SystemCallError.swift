import Glibc
package import SystemPackage

/// A system call that failed: what was attempted, why the kernel refused, and on which object.
///
/// The one error of this floor: files, directories, sockets and epoll all throw it, and each target
/// above maps it to its own error.
package struct SystemCallError: Error, Hashable, Sendable {
  /// The call as its manual page names it: `openat`, `pwrite`, `connect`.
  package let call: String
  /// The reason that the kernel gave, errno(3).
  package let errno: Errno
  /// The path, address or role of what the call was made on; bare, without quotes.
  package let object: String

  /// An error whose reason is known already.
  package init(call: String, errno: Errno, object: String) {
    self.call = call
    self.errno = errno
    self.object = object
  }

  /// Takes the calling thread's errno; call it before anything else that could change that.
  package static func last(_ call: String, on object: String) -> SystemCallError {
    SystemCallError(call: call, errno: Errno(rawValue: Glibc.errno), object: object)
  }

  /// What a person can do about it, where that is known; nil for the rest.
  package var remedy: String? {
    switch errno {
    case .noSpace, .diskQuotaExceeded:
      "free space on that file system, or move the directory to a larger one"
    case .tooManyOpenFiles: "raise the limit of open files of this process (LimitNOFILE, ulimit -n)"
    case .tooManyOpenFilesInSystem: "raise fs.file-max, or stop what holds so many files open"
    case .permissionDenied, .notPermitted:
      "check its owner and mode, and those of the folders above it"
    case .readOnlyFileSystem: "the file system is mounted read-only: remount it, or use another one"
    case .noSuchFileOrDirectory, .notDirectory: "check the path"
    case .tooManySymbolicLinkLevels: "its links lead in a circle: check where they point"
    case .ioError: "the device failed: look into the kernel's log"
    case .noMemory: "memory is exhausted: raise the limit or lower the load"
    case .addressInUse: "another process listens there: stop it, or use another path"
    case .connectionRefused: "nobody listens there: start the daemon"
    default: nil
    }
  }
}

extension SystemCallError: CustomStringConvertible {
  /// `openat '/srv/larder/lock': Permission denied; check its owner …`.
  package var description: String {
    let what = "\(call) '\(object)': \(errno)"
    return remedy.map { "\(what); \($0)" } ?? what
  }
}
