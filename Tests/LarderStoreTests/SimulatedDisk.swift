import LarderPlatform
import SystemPackage

/// A folder in memory whose every change is journaled, the index's too.
final class SimulatedDisk {
  let journal: DiskJournal
  private let scratch = Scratch.inMemory()
  private let vfs: InjectedVFS

  /// A disk that holds `files`, by name; nil is a folder.
  init(_ files: [String: [UInt8]?] = [:], defect: DiskJournal.Defect? = nil) throws {
    journal = DiskJournal(root: scratch.path, defect: defect)
    vfs = InjectedVFS(journal)
    try scratch.write(files)
  }

  /// Where a store is opened.
  var path: FilePath { scratch.path }
  /// What it is opened with; the disk has to outlive it.
  var system: FileSystem { FileSystem(faults: journal, databaseVFS: vfs.name) }
}
