package import LarderPlatform
package import SystemPackage

/// A folder in memory whose every change is journaled, the index's too.
package final class SimulatedDisk {
  package let journal: DiskJournal
  private let scratch = Scratch.inMemory()
  private let vfs: InjectedVFS
  private let initial: DiskImage

  /// A disk that holds `files`, by name; nil is a folder.
  package init(
    _ files: [String: [UInt8]?] = [:], defect: DiskJournal.Defect? = nil,
    faults: (any FaultInjector)? = nil
  ) throws {
    journal = DiskJournal(root: scratch.path, defect: defect, faults: faults)
    vfs = InjectedVFS(journal)
    initial = DiskImage(files)
    try scratch.write(files)
  }

  /// Where a store is opened.
  package var path: FilePath { scratch.path }
  /// What it is opened with; the disk has to outlive it.
  package var system: FileSystem { FileSystem(faults: journal, databaseVFS: vfs.name) }

  /// The files after a crash now, by name; nil is a folder.
  package func afterCrash(_ survival: DiskImage.Survival, random: inout Seeded) -> [String:
    [UInt8]?]
  {
    var image = initial
    for change in journal.changes { image.apply(change) }
    return image.afterCrash(survival, random: &random)
  }
}
