import Glibc
import LarderPlatform
package import SystemPackage

/// A folder for one test, removed at its end.
package final class Scratch {
  package let path: FilePath

  /// - Parameter parent: the folder that it is made in.
  package init(in parent: String = "/tmp") {
    var template = Array("\(parent)/larder-store-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary folder")
    path = FilePath(platformString: template)
  }

  /// A folder in memory, where there is one: for tests that make thousands of stores, whose syncs
  /// then cost nothing.
  package static func inMemory() -> Scratch {
    Scratch(in: access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")
  }

  deinit { Scratch.remove(path) }

  /// Makes the files of a disk here, by name; nil is a folder.
  package func write(_ files: [String: [UInt8]?]) throws {
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      if let bytes {
        try overwrite(path.pushing(FilePath(name)), at: 0, with: bytes)
      } else {
        _ = try FileSystem.real.createDirectory(path.pushing(FilePath(name)))
      }
    }
  }

  /// All files here and one folder deep, by name; nil is a folder.
  package func files() throws -> [String: [UInt8]?] {
    var files: [String: [UInt8]?] = [:]
    for name in try FileSystem.real.names(in: path) {
      guard let inner = try? FileSystem.real.names(in: path.appending(name)) else {
        files[name] = try contents(path.appending(name))
        continue
      }
      files[name] = .some(nil)
      for file in inner {
        files["\(name)/\(file)"] = try contents(path.appending(name).appending(file))
      }
    }
    return files
  }

  private static func remove(_ path: FilePath) {
    if let names = try? FileSystem.real.names(in: path) {
      for name in names { remove(path.appending(name)) }
      rmdir(path.string)
    } else {
      unlink(path.string)
    }
  }

  /// The segment files, oldest first.
  package func segments() throws -> [FilePath] {
    let folder = path.appending("segments")
    return try FileSystem.real.names(in: folder).map { folder.appending($0) }
  }
}

/// All bytes of a file.
package func contents(_ path: FilePath) throws -> [UInt8] {
  let file = try FileSystem.real.open(path, for: .read)
  var bytes = [UInt8](repeating: 0, count: Int(try file.size()))
  let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
  return Array(bytes.prefix(count))
}

/// Replaces a file's bytes from an offset on.
package func overwrite(_ path: FilePath, at offset: Int, with bytes: [UInt8]) throws {
  let file = try FileSystem.real.open(path, for: .readWriteOrCreate)
  try bytes.withUnsafeBytes { try file.write($0, at: Int64(offset)) }
}

/// Cuts a file.
package func truncate(_ path: FilePath, to size: Int) throws {
  let file = try FileSystem.real.open(path, for: .readWrite)
  try file.truncate(to: Int64(size))
}
