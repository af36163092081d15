import Glibc
import LarderClient
import LarderFederation
import LarderPlatform
import SystemPackage

/// How the files of folders looked at one moment: two equal looks saw no write in between.
struct FolderLook: Equatable {
  private struct Entry: Equatable {
    let inode: UInt64
    let sizeBytes: Int64
    let seconds: Int
    let nanoseconds: Int

    func isNewer(than other: Entry) -> Bool {
      (seconds, nanoseconds) > (other.seconds, other.nanoseconds)
    }
  }

  private var folders: [[String: Entry]] = []

  /// Opens no file.
  ///
  /// - Throws: also where a file went while it was looked at.
  init(at paths: [String]) throws(ClientError) {
    for path in paths {
      var entries: [String: Entry] = [:]
      for file in try BuildFolder(path: FilePath(path)).files() {
        var status = stat()
        guard stat(file.location, &status) == 0 else {
          throw .file("read", .last("stat", on: file.location))
        }
        entries[file.path] = Entry(
          inode: UInt64(status.st_ino), sizeBytes: Int64(status.st_size),
          seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
      }
      folders.append(entries)
    }
  }

  /// A file that was written after the statistics of its folder: these are of an earlier build, or
  /// about to be written. A lockfile needs no such test: it has digests.
  var newerThanStatistics: String? {
    for entries in folders where entries[Lockfile.fileName] == nil {
      guard let stats = entries[StatsImporter.fileName] else { continue }
      let newer = entries.filter { $0.value.isNewer(than: stats) }.keys.sorted()
      if let first = newer.first { return first }
    }
    return nil
  }
}
