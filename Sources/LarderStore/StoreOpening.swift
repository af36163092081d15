import LarderCore
import LarderPlatform
import SystemPackage

/// Opens a store: lock, index, segments, tails, in this order.
struct StoreOpening {
  let directory: FilePath
  let system: FileSystem
  var state = StoreState()
  var report = OpeningReport()
  /// Lists that a tail told; shown last, when every chunk is known.
  var lists: [StoreState.Pending] = []
  /// Segment ids whose rows the index is to forget.
  var lost: [UInt64] = []

  var segmentsDirectory: FilePath { directory.appending("segments") }

  /// A segment file with a sound header, and its length.
  struct OpenedFile {
    let segment: Segment
    let size: Int64
  }

  static func open(
    _ directory: FilePath, options: Store.Options, system: FileSystem,
    clock: @escaping @Sendable () -> ContinuousClock.Instant
  ) throws(StoreError) -> Store {
    options.check()
    var opening = StoreOpening(directory: directory, system: system)
    try opening.prepareDirectories()
    opening.state.lock = try StoreLock(directory.appending("lock"), system: system)
    let folder = try opening.openFolder()
    let files = try opening.openFiles()
    let index = try opening.loadIndex(files)
    try opening.replayTails(index)
    opening.chooseActive()
    let store = opening.finish(index, folder, options: options, clock: clock)
    store.reserve.renew()
    store.startFilling(checkingLists: !opening.lost.isEmpty)
    // What was replayed waits for a sync as if it had just been put.
    if store.state.withLock({ $0.hasSyncWork }) { store.committer.wake(store, for: .first) }
    store.state.withLock { $0.recencySaved = clock() }
    store.measure(store.state.withLock { $0.segments.indices })
    return store
  }

  private init(directory: FilePath, system: FileSystem) {
    self.directory = directory
    self.system = system
  }

  /// Each realm goes on with its newest segment that takes records; older ones are closed.
  private mutating func chooseActive() {
    for slot in state.segments.indices where state.segments[slot].phase == .open {
      let realm = state.segments[slot].segment.realm
      if let older = state.active[realm] { state.segments[older].phase = .closed }
      state.active[realm] = slot
    }
  }

  private mutating func finish(
    _ index: sending Index, _ folder: consuming File, options: Store.Options,
    clock: @escaping @Sendable () -> ContinuousClock.Instant
  ) -> Store {
    // The names of replayed segments may never have been synced.
    for slot in state.segments.indices where state.segments[slot].isDirty {
      state.segments[slot].isNew = true
    }
    return Store(
      directory: directory, options: options, system: system, state: state, segmentsFolder: folder,
      index: index, opening: report, clock: clock)
  }
}
