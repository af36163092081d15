import LarderPlatform
import SystemPackage

/// The file of the index: made for its owner alone, and set aside when it is damaged.
struct IndexFile {
  private let path: FilePath
  private let system: FileSystem

  init(in directory: FilePath, system: FileSystem) {
    path = directory.appending("index.sqlite")
    self.system = system
  }

  /// Opens the database, or creates it.
  func open() throws(IndexError) -> Index {
    // SQLite would make the file readable for all; its log takes the mode of the database. If this
    // fails, SQLite fails on the same path and tells why.
    _ = try? system.open(path, for: .readWriteOrCreate)
    return try Index(path, vfs: system.databaseVFS)
  }

  /// Gives the file another name, so that the next opening begins a new one.
  func setAside() throws(StoreError) {
    try attempting("set the damaged index aside") { () throws(SystemCallError) in
      try system.rename(path, to: FilePath(path.string + ".damaged"))
    }
    for suffix in ["-wal", "-shm"] {
      // Usually there is none; one that stayed would belong to another database, and its salt says
      // so.
      try? system.unlink(FilePath(path.string + suffix))
    }
  }
}
