import LarderCore
package import LarderPlatform
package import SystemPackage

/// Something that happened to a disk, or to whoever trusts it. Names are relative to the disk's
/// folder.
package enum DiskChange: Sendable {
  case makeDirectory(String)
  case create(String)
  case write(String, at: Int, [UInt8])
  /// ftruncate(2): to this length exactly.
  case resize(String, to: Int)
  /// fallocate(2): to this length at least.
  case grow(String, to: Int)
  case sync(String)
  case syncDirectory(String)
  case rename(String, to: String)
  case unlink(String)
  /// Somebody was told that all is well; which one is the caller's own count.
  case acknowledge(Int)
}

/// Writes down what is done to the files of one folder, through Larder's file type and through
/// SQLite's, in order: from each prefix follows what a power cut at that moment could leave.
package final class DiskJournal: FaultInjector {
  /// A disk, or a store, that does not keep its word; what the campaigns have to notice.
  package enum Defect: Sendable {
    /// fdatasync of a segment does nothing.
    case noSync
    /// The answer comes before fdatasync has done anything.
    case acknowledgesBeforeSync
    /// fsync of a directory does nothing.
    case noDirectorySync
    /// Rows go to the index before the bytes that they name are synced.
    case indexBeforeData
    /// fdatasync of the registry and its log does nothing.
    case noRegistrySync
  }

  private struct State {
    var changes: [DiskChange] = []
    /// Syncs that a defect holds back.
    var held: [DiskChange] = []
  }

  private let root: String
  private let defect: Defect?
  private let faults: (any FaultInjector)?
  private let state = Locked(State())

  /// - Parameter faults: decides which calls fail; nil for none.
  package init(root: FilePath, defect: Defect? = nil, faults: (any FaultInjector)? = nil) {
    self.root = root.string
    self.defect = defect
    self.faults = faults
  }

  package var changes: [DiskChange] { state.withLock(\.changes) }

  /// Notes that a caller was told of the success of its step.
  package func acknowledge(_ step: Int) {
    state.withLock { state in
      if defect == .indexBeforeData {
        state.changes += state.held
        state.held = []
      }
      state.changes.append(.acknowledge(step))
      state.changes += state.held
      state.held = []
    }
  }

  package func fault(in operation: FileOperation) -> FileFault? { faults?.fault(in: operation) }

  package func made(_ operation: FileOperation) {
    let name = relative(operation.path)
    switch operation.call {
    case .mkdir: note(.makeDirectory(name))
    case .open: if operation.creates { note(.create(name)) }
    case .pwrite:
      note(.write(name, at: Int(operation.offset), operation.bytes.map { Array($0) } ?? []))
    case .fallocate: note(.grow(name, to: Int(operation.offset)))
    case .ftruncate: note(.resize(name, to: Int(operation.offset)))
    case .rename: note(.rename(name, to: relative(operation.newPath ?? operation.path)))
    case .unlink: note(.unlink(name))
    case .fdatasync:
      if defect == .noRegistrySync, name.hasPrefix("registry.sqlite") { return }
      noteSync(.sync(name), isSegment: name.hasPrefix("segments/"))
    case .fsyncDirectory:
      if defect != .noDirectorySync { note(.syncDirectory(name)) }
    case .pread, .fstat, .readdir, .statvfs: break
    }
  }

  private func note(_ change: DiskChange) {
    state.withLock { $0.changes.append(change) }
  }

  private func noteSync(_ change: DiskChange, isSegment: Bool) {
    switch defect {
    case .noSync where isSegment: break
    case .acknowledgesBeforeSync where isSegment, .indexBeforeData where isSegment:
      state.withLock { $0.held.append(change) }
    default: note(change)
    }
  }

  private func relative(_ path: FilePath) -> String {
    let text = path.string
    return text == root ? "" : String(text.dropFirst(root.utf8.count + 1))
  }
}
