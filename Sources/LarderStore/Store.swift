package import LarderCore
package import LarderPlatform
package import SystemPackage

/// Blobs by digest, each in a realm: every byte checked on its way in and on its way out.
///
/// ```
///   put ──> SHA-256, cut ──> LZ4 ──> write gate ──> segment (pwrite) ──> table: readable
///                                                      │
///                                    sync gate ──> fdatasync ──> index.sqlite: durable
///   read ──> table ──> pread ──> checks, LZ4, SHA-256 ──> the caller's closure
/// ```
///
/// Five locks, taken in this order: the collect gate (one collection), the write gate (one writer),
/// the sync gate (one sync, shared by all who wait for it), the index gate (one who reads or writes
/// it), the state (for moments, never across I/O). What may be read from where:
///
/// - a record is in the table once it is wholly in its file;
/// - a row is in the index once its record is synced;
/// - a list is written behind its chunks, and its row committed only where they are synced, with
///   it or before; a list that is found by a scan is shown only if its chunks are. So a realm's next
///   segment is written while the one before is being synced, and no list outlives a chunk.
///
/// Every call but `stat` and `statistics` blocks on the disk: call from a thread that may.
package final class Store: Sendable {
  /// Where the store is.
  package let directory: FilePath
  /// What opening found; for the log.
  package let opening: OpeningReport
  let options: Options
  let system: FileSystem
  let state: Locked<StoreState>
  let clock: @Sendable () -> ContinuousClock.Instant
  let reserve: SpaceReserve
  let filled = Latch()
  /// Ends the wait before a failed fill goes on.
  let fillRetry = Alarm()
  let collectGate = SerialGate()
  let writeGate = SerialGate()
  let syncGate = SerialGate()
  // Fair: the fill passes it batch by batch, and who asks for a blob meanwhile waits for one at most.
  let indexGate = SerialGate(isFair: true)
  let committer: Committer
  /// nil where the options give it no memory.
  let hot: HotTier?
  // Safety: read and written only inside `indexGate`, and in init.
  nonisolated(unsafe) var index: Index?

  /// The folder of the segments. Open all along, so that a sync needs no descriptor: one that failed
  /// for want of it would be taken for a failure of the disk.
  let segmentsFolder: File

  var segmentsDirectory: FilePath { directory.appending("segments") }

  init(
    directory: FilePath, options: Options, system: FileSystem, state: consuming sending StoreState,
    segmentsFolder: consuming File, index: sending Index, opening: OpeningReport,
    clock: @escaping @Sendable () -> ContinuousClock.Instant
  ) {
    self.directory = directory
    self.options = options
    self.system = system
    self.segmentsFolder = segmentsFolder
    self.clock = clock
    reserve = SpaceReserve(in: directory, options: options, system: system)
    self.state = Locked(state)
    self.index = index
    hot = options.hotMemory.value > 0 ? HotTier(options) : nil
    committer = Committer(delay: options.commitDelay)
    self.opening = opening
  }

  deinit {
    committer.stop()
    fillRetry.ring()
  }

  /// Whether a blob is here, and its size: from memory, in well under a microsecond.
  ///
  /// - Parameter realms: where to look, first hit wins; the caller may read all of them.
  /// - Returns: nil for a miss. A hit may still turn out damaged when it is read.
  package func stat(_ digest: Digest, in realms: [RealmID]) -> BlobStat? {
    find(digest, in: realms).map {
      BlobStat(digest: digest, size: ByteCount($0.place.size))
    }
  }

  /// Makes everything durable, then gives up the files and the lock; further calls are refused.
  ///
  /// - Throws: what `sync` throws; the store is closed even so.
  package func close() throws(StoreError) {
    // A collection ends before its next record.
    state.withLock { $0.isClosing = true }
    committer.stop()
    try collectGate.pass { () throws(StoreError) in
      try writeGate.pass { () throws(StoreError) in
        // Behind the last sync, which looks at segments.
        defer { syncGate.pass { release() } }
        saveRecency()
        try sync()
      }
    }
  }

  private func release() {
    // Closed first: a sync that comes after must not open the index again.
    defer { indexGate.pass { index = nil } }
    hot?.forget()
    state.withLock { state in
      state.table = MemoryTable()
      state.segments = SegmentSlots()
      state.active = [:]
      state.pending = []
      state.drops = []
      state.lock = nil
    }
    fillRetry.ring()
  }

  /// The first of `realms` that has the blob.
  func find(_ digest: Digest, in realms: [RealmID]) -> Located? {
    let (found, isFilled) = state.withLock { state in
      (state.use(digest, in: realms), state.filling == nil)
    }
    return found == nil && !isFilled ? findInIndex(digest, in: realms) : found
  }

  static let closedError = StoreError(
    .closed, "the store is closed: open it again before using it")
}

extension Store {
  /// Opens the store at `directory`, or creates it there (mode 0700; the folder above must exist).
  ///
  /// Blocks: reads each segment past the offset up to which it is indexed. What it finds there is
  /// synced behind it, as if it had just been put, and the memory table filled; see
  /// `waitUntilFilled`. Where the index is missing or damaged (which is kept beside it as
  /// `index.sqlite.damaged`), the footers of all segments are read first, so that what is absent is
  /// known; the index is made again behind the opening.
  ///
  /// - Parameter clock: ends leases.
  /// - Throws: `locked` where another process has it, `insecure` where others may write in it,
  ///   `unsupportedFormat`, `noSpace`, `readOnly`, `io`.
  package static func open(
    _ directory: FilePath, options: Options = Options(), system: FileSystem = .real,
    clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) throws(StoreError) -> Store {
    try StoreOpening.open(directory, options: options, system: system, clock: clock)
  }
}
