import LarderCore
import LarderPlatform
import SystemPackage

/// Opens a store: lock, index, segments, tails, in this order.
struct StoreOpening {
  private let directory: FilePath
  private let system: FileSystem
  private var state = StoreState()
  private var report = OpeningReport()
  /// Lists that a tail told; shown last, when every chunk is known.
  private var lists: [StoreState.Pending] = []
  /// Segment ids whose rows the index is to forget.
  private var lost: [UInt64] = []

  private var segmentsDirectory: FilePath { directory.appending("segments") }

  static func open(
    _ directory: FilePath, options: Store.Options, system: FileSystem,
    clock: @escaping @Sendable () -> ContinuousClock.Instant
  ) throws(StoreError) -> Store {
    options.check()
    var opening = StoreOpening(directory: directory, system: system)
    try opening.prepareDirectories()
    opening.state.lock = try StoreLock(directory.appending("lock"), system: system)
    let files = try opening.openFiles()
    let index = try opening.loadIndex(files)
    try opening.replayTails(index)
    opening.chooseActive()
    let store = opening.finish(index, options: options, clock: clock)
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

  // MARK: - Files

  private func prepareDirectories() throws(StoreError) {
    for path in [directory, segmentsDirectory] {
      let (isNew, status) = try attempting("open the store at \(directory)") {
        () throws(SystemCallError) in
        (try system.createDirectory(path), try system.status(of: path))
      }
      // A folder above that may not be read cannot be synced; whoever made it answers for its
      // names.
      let above = path.removingLastComponent()
      if isNew { try? system.synchronizeDirectory(above.isEmpty ? "." : above) }
      // Who may write there can take the lock's name away, or put files of his own in place of
      // ours.
      guard status.permissions & 0o022 == 0 else {
        throw StoreError(
          .insecure,
          "cannot open the store at \(directory): others may write in \(path); chmod go-w it")
      }
    }
    try attempting("create the store at \(directory)") { () throws(SystemCallError) in
      try system.synchronizeDirectory(directory)
    }
  }

  /// A segment file with a sound header, and its length.
  private struct OpenedFile {
    let segment: Segment
    let size: Int64
  }

  /// Opens every segment file that has a sound header.
  private mutating func openFiles() throws(StoreError) -> [OpenedFile] {
    let directory = segmentsDirectory
    let names = try attempting("list the segments") { () throws(SystemCallError) in
      try system.names(in: directory)
    }
    var files: [OpenedFile] = []
    for name in names {
      guard let id = Segment.id(fileName: name) else { continue }
      state.nextSegment = max(state.nextSegment, id + 1)
      if let file = try openFile(directory.appending(name), id: id) { files.append(file) }
    }
    guard files.count <= Store.Options.segmentsMax else {
      throw StoreError(
        .tooLarge,
        "the store at \(self.directory) has \(files.count) segments, more than \(Store.Options.segmentsMax)"
      )
    }
    return files
  }

  private mutating func openFile(_ path: FilePath, id: UInt64) throws(StoreError) -> OpenedFile? {
    let file = try attempting("open a segment") { () throws(SystemCallError) -> File in
      try system.open(path, for: .readWrite)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: SegmentHeader.byteCount, alignment: 8)
    defer { buffer.deallocate() }
    let (count, size) = try attempting("read a segment") { () throws(SystemCallError) in
      (try file.read(into: buffer, at: 0), try file.size())
    }
    switch SegmentHeader.parse(buffer.first(count)) {
    case .header(let header) where header.id == id:
      return OpenedFile(segment: Segment(header: header, file: file), size: size)
    case .blank:
      // Reserved, but nothing was ever written: the writer died, or the disk was full.
      try attempting("remove an empty segment") { () throws(SystemCallError) in
        try system.unlink(path)
      }
    case .unsupported(let version):
      throw StoreError(
        .unsupportedFormat,
        "\(path) has format \(version), this Larder knows \(SegmentHeader.version): use the newer one"
      )
    case .header, .damaged:
      report.unreadableSegments += 1
      // Where its blocks cannot be told its length is near enough.
      state.unreadableBytes += (try? file.allocatedBytes()) ?? size
    }
    return nil
  }

  // MARK: - Index

  /// Opens the index and reads what it says of segments; sets a damaged one aside and begins a new
  /// one.
  private mutating func loadIndex(_ files: [OpenedFile]) throws(StoreError) -> Index {
    let file = IndexFile(in: directory, system: system)
    let fresh = self
    do throws(IndexError) {
      return try load(file, files)
    } catch {
      guard error.isDamage else { throw error.storeError("open") }
    }
    self = fresh
    try file.setAside()
    do throws(IndexError) {
      return try load(file, files)
    } catch {
      throw error.storeError("create")
    }
  }

  private mutating func load(
    _ file: IndexFile, _ files: [OpenedFile]
  ) throws(IndexError) -> Index {
    let index = try file.open()
    state.nextSegment = max(state.nextSegment, try index.nextSegment())
    state.recency = try index.recency()
    var rows: [UInt64: Index.SegmentRow] = [:]
    for row in try index.segments() { rows[row.id] = row }
    report.isIndexRebuilt = index.isNew && !files.isEmpty
    for file in files {
      let id = file.segment.id
      let item = admit(file, rows.removeValue(forKey: id))
      _ = state.segments.append(item)
    }
    for id in rows.keys {
      lost.append(id)
      report.lostSegments += 1
    }
    if !report.isIndexRebuilt, !rows.isEmpty || state.segments.contains(where: { $0.synced > 0 }) {
      state.filling = Filling()
    }
    if !lost.isEmpty { try index.forget(lost) }
    return index
  }

  /// What the index knows of a segment, as far as the file bears it out.
  private mutating func admit(_ file: OpenedFile, _ row: Index.SegmentRow?) -> SegmentState {
    let segment = file.segment
    var item = SegmentState(
      segment: segment, phase: .open, end: Int64(SegmentHeader.byteCount), synced: 0, records: 0,
      fileBytes: file.size, isNew: row == nil)
    guard let row else { return item }
    guard row.salt == segment.salt, row.realm == segment.realm, row.indexed <= file.size,
      mayGoOn(row, file)
    else {
      lost.append(segment.id)
      report.lostSegments += 1
      return item
    }
    item.phase = row.phase
    item.records = row.records
    item.synced = row.indexed
    item.end = max(item.end, row.indexed)
    return item
  }

  /// Whether records end where a segment is indexed to, since what lies behind is overwritten.
  /// Nothing or a record follows; or a torn one does, which only a walk of the headers before it
  /// tells from an offset that is wrong.
  private func mayGoOn(_ row: Index.SegmentRow, _ file: OpenedFile) -> Bool {
    let (segment, offset) = (file.segment, row.indexed)
    let start = Int64(SegmentHeader.byteCount)
    if row.phase == .sealed || row.phase == .failed || offset <= start { return true }
    do throws(StoreError) {
      let isBlank = try attempting("read the end of \(segment.name)") {
        () throws(SystemCallError) in
        try segment.file.isBlank(from: offset)
      }
      if isBlank { return true }
      var behind = SegmentScan(segment, size: file.size, checksPayloads: false)
      if try behind.isRecord(at: offset) { return true }
      var before = SegmentScan(segment, size: offset, checksPayloads: false)
      return try before.run(from: start, rule: .skipDamage) { _, _ in }.end == offset
    } catch {
      // What the disk does not let us read now is met again by the replay, which cuts nothing then.
      return true
    }
  }

  // MARK: - Tails

  /// Reads every segment past its indexed offset, and cuts what is no whole record.
  private mutating func replayTails(_ index: Index) throws(StoreError) {
    for slot in state.segments.indices {
      do throws(StoreError) {
        try replayTail(slot)
      } catch {
        if error.code == .unsupportedFormat { throw error }
        // What the index knows stays readable; nothing is written behind what could not be read.
        state.segments[slot].phase = .closed
        report.damagedRecords += 1
      }
    }
    showLists(index)
  }

  private mutating func replayTail(_ slot: Int) throws(StoreError) {
    let item = state.segments[slot]
    // Sealed: all is indexed. Failed: what lies behind may be lost on the device, so it is not
    // believed.
    if item.phase == .sealed || item.phase == .failed { return }
    let segment = item.segment
    // Nothing past an indexed offset was promised to anybody. In a file that the index does not
    // know, damage may be anywhere and is stepped over.
    let isTail = item.synced > 0
    var found: [StoreState.Pending] = []
    let visit = { (offset: Int64, header: RecordHeader) in
      found.append(
        StoreState.Pending(
          slot: slot,
          row: Index.Row(
            realm: segment.realm, digest: header.digest, segment: segment.id, offset: offset,
            header: header)))
    }
    let result: SegmentScan.Result
    if !isTail, let footer = SegmentFooter.read(from: segment) {
      for entry in footer.entries { visit(entry.offset, entry.header) }
      result = SegmentScan.Result(end: footer.offset, hasFooter: true)
    } else {
      var scan = SegmentScan(segment, size: item.fileBytes, checksPayloads: true)
      result = try scan.run(from: item.end, rule: isTail ? .stopAtDamage : .skipDamage, visit)
    }
    for pending in found { show(pending) }
    report.replayedRecords += found.count
    report.damagedRecords += result.damaged
    state.segments[slot].end = result.end
    state.segments[slot].records += found.count + result.damaged
    if result.hasFooter {
      state.segments[slot].phase = .sealed
      state.segments[slot].isTouched = true
    } else if item.phase == .open {
      try mendEnd(slot, to: result.end)
    }
  }

  /// Makes everything behind the last record zeros again, and reserved, unless it is: to reserve it
  /// anew costs more than the whole rest of an opening.
  private mutating func mendEnd(_ slot: Int, to end: Int64) throws(StoreError) {
    let segment = state.segments[slot].segment
    let isBlank = try attempting("read the end of \(segment.name)") {
      () throws(SystemCallError) in
      try segment.file.isBlank(from: end)
    }
    if isBlank, state.segments[slot].fileBytes == segment.header.capacity { return }
    if !isBlank { report.truncatedSegments += 1 }
    do {
      try segment.file.truncate(to: end)
      state.segments[slot].fileBytes = end
      try segment.file.allocate(segment.header.capacity)
      state.segments[slot].fileBytes = segment.header.capacity
    } catch {
      // A full disk, most likely: what is there can be read, and writing begins with another
      // segment.
      state.segments[slot].phase = .closed
    }
    state.segments[slot].isTouched = true
  }

  private mutating func show(_ pending: StoreState.Pending) {
    let header = pending.row.header
    state.pending.append(pending)
    state.pendingBytes += Int64(header.recordLength)
    if header.kind == .list {
      lists.append(pending)
    } else {
      state.insert(
        MemoryTable.Place(slot: pending.slot, offset: pending.row.offset, header: header),
        digest: header.digest, realm: pending.row.realm)
    }
  }

  /// Makes large blobs findable whose chunks are all there.
  private mutating func showLists(_ index: Index) {
    for item in lists {
      let row = item.row
      let place = MemoryTable.Place(slot: item.slot, offset: row.offset, header: row.header)
      var list: ChunkList?
      // A list that cannot be read is a blob that cannot be: the same to whoever asks for it.
      try? RecordReader.read(row.digest, at: place, of: state.segments[item.slot].segment) {
        header, bytes in
        list = ChunkList(bytes, size: header.size)
      }
      let isWhole =
        list.map { list in
          list.entries.allSatisfy { isChunk($0.digest, in: row.realm, index) }
        } ?? false
      if isWhole {
        state.insert(place, digest: row.digest, realm: row.realm)
      } else {
        report.incompleteBlobs += 1
        state.drops.append(
          Index.Drop(
            realm: row.realm, digest: row.digest, segment: row.segment, offset: row.offset,
            isDamaged: true))
      }
    }
  }

  private func isChunk(_ digest: Digest, in realm: RealmID, _ index: Index) -> Bool {
    if let found = state.find(digest, in: realm) { return found.place.kind == .chunk }
    // An index that cannot be read is found out by the fill; the list is a miss then.
    guard let row = try? index.row(digest, in: realm) else { return false }
    return row.header.kind == .chunk
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
    _ index: sending Index, options: Store.Options,
    clock: @escaping @Sendable () -> ContinuousClock.Instant
  ) -> Store {
    // The names of replayed segments may never have been synced.
    for slot in state.segments.indices where state.segments[slot].isDirty {
      state.segments[slot].isNew = true
    }
    return Store(
      directory: directory, options: options, system: system, state: state, index: index,
      opening: report, clock: clock)
  }
}
