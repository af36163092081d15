import Foundation
import Glibc

/// Makes the next reads of files go to the disk.
enum ColdCache {
  /// Drops every page of the files below a folder: posix_fadvise(2), POSIX_FADV_DONTNEED. What is
  /// not written yet would stay: `Ingests` syncs after every run. Names and inodes stay in memory.
  static func drop(_ folder: String) throws {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    for file in files {
      let descriptor = open("\(folder)/\(file)", O_RDONLY | O_CLOEXEC)
      if descriptor < 0 { continue }
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
      close(descriptor)
    }
  }
}
