import LarderCore
import LarderPlatform

extension Store {
  /// Walks all segments and compares what their files say with the index and the memory table, both
  /// ways; blocks for as long as that takes.
  ///
  /// Readers and writers go on, but for moments at the sync gate; a segment that is evicted
  /// meanwhile is skipped. A record that fails its check becomes a miss, as if it had been read.
  ///
  /// - Parameter progress: called after each segment, and now and then within one; false stops the
  ///   walk.
  /// - Throws: `closed`, and what the index's disk refuses.
  package func check(
    _ options: CheckOptions = CheckOptions(), progress: (CheckProgress) -> Bool = { _ in true }
  ) throws(StoreError) -> CheckReport {
    waitUntilFilled()
    if state.withLock({ $0.isClosed }) { throw Store.closedError }
    var walk = CheckWalk(store: self, options: options)
    try walk.run(progress)
    return walk.report
  }

  /// When a scrub last came to its end, as `noteScrub` was told; nil if none did since the index
  /// was made.
  package func lastScrub() throws(StoreError) -> Int64? {
    let time = try withIndex("read") { (index) throws(IndexError) in
      try index.counter(Store.scrubTime)
    }
    return time > 0 ? time : nil
  }

  /// Writes down when a scrub came to its end.
  ///
  /// - Parameter time: seconds since 1970.
  package func noteScrub(at time: Int64) throws(StoreError) {
    try syncGate.pass { () throws(StoreError) in
      try settledIndex { (index) throws(IndexError) in
        try index.setCounter(Store.scrubTime, to: time)
      }
    }
  }

  private static let scrubTime: StaticString = "scrub_ended"
}

/// A check under way.
struct CheckWalk {
  let store: Store
  let options: CheckOptions
  var report = CheckReport()
  private var pace: Pace?

  init(store: Store, options: CheckOptions) {
    self.store = store
    self.options = options
    pace = options.bytesPerSecondMax.map { Pace(bytesPerSecond: $0.value) }
  }

  /// The last segment that a scrub has been through, in the index's counters; 0 after its end.
  private static let cursor: StaticString = "scrubbed"

  mutating func run(_ progress: (CheckProgress) -> Bool) throws(StoreError) {
    try checkIndex()
    try checkFiles()
    let first =
      options.resumes
      ? try withIndex { (index) throws(IndexError) in try index.counter(Self.cursor) } : 0
    let ids = store.state.withLock { state in
      state.segments.map(\.segment.id).filter { $0 > UInt64(first) }.sorted()
    }
    report.progress.segmentsTotal = ids.count
    for id in ids {
      guard try checkSegment(id, progress) else { return }
      report.progress.segments += 1
      if options.resumes {
        try withIndex { (index) throws(IndexError) in
          try index.setCounter(Self.cursor, to: id == ids.last ? 0 : Int64(id))
        }
      }
      if !progress(report.progress), id != ids.last { return }
    }
    checkRealms()
    report.isWhole = true
  }

  /// Counts bytes that were read, and slows down.
  mutating func spend(_ byteCount: Int) {
    report.progress.readBytes += Int64(byteCount)
    pace?.spend(byteCount)
  }

  /// Runs `body` on the index, with nothing waiting for it; an index that turns out damaged is made
  /// again from the segments, and that is a finding.
  mutating func withIndex<Result>(
    _ body: (Index) throws(IndexError) -> Result
  ) throws(StoreError) -> Result {
    store.syncGate.enter()
    defer { store.syncGate.leave() }
    for isSecond in [false, true] {
      _ = try store.syncRound()
      store.indexGate.enter()
      defer { store.indexGate.leave() }
      let index = try store.usableIndex()
      do throws(IndexError) {
        return try body(index)
      } catch {
        guard error.isDamage, !isSecond else { throw error.storeError("read") }
        report.add(
          CheckFinding(kind: .badIndex, isRepaired: true, detail: error.message))
        try store.abandonIndex()
      }
    }
    preconditionFailure("the second attempt returns or throws")
  }

  private mutating func checkIndex() throws(StoreError) {
    let comparesTrees = options.readsData
    try withIndex { (index) throws(IndexError) in
      if let defect = try index.defect(comparingTrees: comparesTrees) {
        throw IndexError(damage: defect)
      }
    }
  }

  /// Compares the folder with the segments in use: a file that the store left alone is one that it
  /// cannot read.
  private mutating func checkFiles() throws(StoreError) {
    let (store, folder) = (store, store.segmentsDirectory)
    // No segment comes behind the write gate, and none goes behind the sync gate.
    let strays = try store.writeGate.pass { () throws(StoreError) -> [UInt64] in
      try store.syncGate.pass { () throws(StoreError) -> [UInt64] in
        let names = try attempting("list the segments") { () throws(SystemCallError) in
          try store.system.names(in: folder)
        }
        let known = store.state.withLock { Set($0.segments.map(\.segment.id)) }
        return names.compactMap { Segment.id(fileName: $0) }.filter { !known.contains($0) }
      }
    }
    for id in strays {
      report.add(
        CheckFinding(
          kind: .badSegment, segment: id,
          detail: "its header cannot be read: none of its records are in use; remove the file"))
    }
  }

  /// Compares each realm's totals with those of its segments.
  private mutating func checkRealms() {
    let findings = store.state.withLock { state in
      state.content.compactMap { realm, content -> CheckFinding? in
        let sum = state.segments.reduce(0) {
          $0 + ($1.segment.realm == realm ? $1.liveBytes : 0)
        }
        guard sum != content.storedBytes else { return nil }
        return CheckFinding(
          kind: .badAccount, realm: realm, isRepaired: options.repairs,
          detail: "its records take \(sum) bytes, the statistics say \(content.storedBytes)")
      }
    }
    if options.repairs, !findings.isEmpty { store.mendAccounts() }
    for finding in findings { report.add(finding) }
  }
}
