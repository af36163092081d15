import LarderCore
import LarderPlatform

extension CheckWalk {
  /// A segment as it was when its check began.
  private struct Subject {
    let slot: Int
    let item: SegmentState
    let rows: [Index.Row]

    var segment: Segment { item.segment }
    var realm: RealmID { item.segment.realm }
  }

  /// Bytes after which progress is told within a segment: a quarter of a second of a scrub.
  private static let toldBytes: Int64 = 4 << 20

  /// Checks one segment: header, records, footer, rows, entries, counters. One that has gone is
  /// skipped.
  ///
  /// - Returns: false where `progress` stopped it before its end.
  mutating func checkSegment(
    _ id: UInt64, _ progress: (CheckProgress) -> Bool
  ) throws(StoreError) -> Bool {
    let store = store
    let found = try withIndex { (index) throws(IndexError) -> Subject? in
      guard let slot = store.slot(of: id) else { return nil }
      return Subject(
        slot: slot, item: store.state.withLock { $0.segments[slot] }, rows: try index.rows(of: id))
    }
    guard let subject = found else { return true }
    checkHeader(subject)
    let sound = scan(subject)
    var told = report.progress.readBytes
    for row in subject.rows {
      check(row, against: sound[row.offset], of: subject)
      guard report.progress.readBytes - told >= Self.toldBytes else { continue }
      told = report.progress.readBytes
      if !progress(report.progress) { return false }
    }
    checkFooter(subject)
    try reconcile(subject, sound)
    return true
  }

  private mutating func add(
    _ kind: CheckFinding.Kind, _ subject: Subject, _ detail: String, row: Index.Row? = nil,
    isRepaired: Bool = false
  ) {
    // What was evicted meanwhile is not damaged.
    guard store.slot(of: subject.segment.id) == subject.slot else { return }
    report.add(
      CheckFinding(
        kind: kind, segment: subject.segment.id, offset: row?.offset, realm: subject.realm,
        digest: row?.digest, isRepaired: isRepaired, detail: detail))
  }

  // MARK: - The file

  private mutating func checkHeader(_ subject: Subject) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: SegmentHeader.byteCount, alignment: 8)
    defer { buffer.deallocate() }
    do throws(SystemCallError) {
      let count = try subject.segment.file.read(into: buffer, at: 0)
      let size = try subject.segment.file.size()
      if SegmentHeader.parse(buffer.first(count)) != .header(subject.segment.header) {
        add(.badSegment, subject, "its header fails its check: it is lost at the next start")
      } else if size < subject.item.synced {
        add(.badSegment, subject, "it has \(size) bytes of \(subject.item.synced)")
      }
    } catch {
      add(.badSegment, subject, "\(error)")
    }
  }

  /// The rows that the segment's headers tell, by offset.
  private mutating func scan(_ subject: Subject) -> [Int64: Index.Row] {
    var sound: [Int64: Index.Row] = [:]
    var scan = SegmentScan(subject.segment, size: subject.item.synced, checksPayloads: false)
    let start = Int64(SegmentHeader.byteCount)
    do throws(StoreError) {
      _ = try scan.run(from: min(start, subject.item.synced), rule: .skipDamage) { offset, header in
        sound[offset] = Index.Row(header, at: offset, of: subject.segment)
      }
    } catch {
      add(.badSegment, subject, error.message)
    }
    report.progress.records += sound.count
    return sound
  }

  private mutating func checkFooter(_ subject: Subject) {
    guard subject.item.phase == .sealed, store.slot(of: subject.segment.id) == subject.slot,
      SegmentFooter.read(from: subject.segment)?.offset != subject.item.synced
    else { return }
    // Not mended where it fails: the next check tries again.
    let isRepaired =
      options.repairs && (try? store.rewriteFooter(ofSlot: subject.slot, subject.segment)) != nil
    add(.badFooter, subject, "its footer fails its check", isRepaired: isRepaired)
  }

  // MARK: - Its rows

  private mutating func check(
    _ row: Index.Row, against sound: Index.Row?, of subject: Subject
  ) {
    let segment = subject.segment
    let place = MemoryTable.Place(slot: subject.slot, offset: row.offset, header: row.header)
    let readsData = options.readsData && options.subset?.contains(segment.id) ?? true
    do throws(StoreError) {
      if readsData {
        try RecordReader.read(row.digest, at: place, of: segment) { _, _ in }
        spend(place.recordLength)
      } else if sound == nil {
        try RecordReader.confirm(row.digest, at: place, of: segment)
      }
      if sound != row { throw StoreError(.notFound, "its row differs from its header") }
    } catch {
      guard store.condemn(row, at: place, of: segment, because: error.message) else { return }
      add(
        error.code == .notFound ? .strayRow : .damagedRecord, subject, error.message, row: row,
        isRepaired: error.code == .notFound && sound != nil)
      return
    }
    guard row.header.kind == .list,
      let found = store.state.withLock({ $0.find(row.digest, in: row.realm) }),
      found.place == place
    else { return }
    // A list that cannot be read is dropped by that.
    let list = try? store.readList(found)
    let lacks = list?.entries.first { entry in
      store.state.withLock { $0.find(entry.digest, in: row.realm)?.place.kind != .chunk }
    }
    if list != nil, lacks == nil { return }
    guard store.condemn(row, at: place, of: segment, because: "it lacks chunks") else { return }
    let what = lacks.map { "its chunk \($0.digest) is gone" } ?? "its list fails its check"
    add(.incompleteBlob, subject, what, row: row)
  }

  // MARK: - Both ways

  /// Looks for records without a row, rows without an entry, and counters that are off; behind the
  /// sync gate, where neither rows nor segments change.
  private mutating func reconcile(
    _ subject: Subject, _ sound: [Int64: Index.Row]
  ) throws(StoreError) {
    let (store, id, slot) = (store, subject.segment.id, subject.slot)
    let repairs = options.repairs
    let findings = try withIndex { (index) throws(IndexError) -> [CheckFinding] in
      guard store.slot(of: id) == slot else { return [] }
      var findings: [CheckFinding] = []
      let rows = try index.rows(of: id)
      let known = Set(rows.map(\.offset))
      let dropped = try index.dropped(of: id)
      for row in sound.values.sorted(by: { $0.offset < $1.offset })
      where !known.contains(row.offset) && dropped[row.offset] != false {
        // Written again elsewhere, this one is what a later collection sweeps up. A row that leads
        // nowhere counts for none.
        let isElsewhere = store.state.withLock { $0.find(row.digest, in: row.realm) != nil }
        if isElsewhere, try index.row(row.digest, in: row.realm) != nil { continue }
        let place = MemoryTable.Place(slot: slot, offset: row.offset, header: row.header)
        var isRepaired = false
        if repairs { isRepaired = try store.readmit(row, at: place, of: subject.segment, index) }
        // What is damaged for good was told when it was dropped.
        if !isRepaired, dropped[row.offset] != nil { continue }
        findings.append(
          CheckFinding(
            kind: .missingRow, segment: id, offset: row.offset, realm: row.realm,
            digest: row.digest, isRepaired: isRepaired, detail: "the index does not name it"))
      }
      for row in rows where sound[row.offset] == row {
        let place = MemoryTable.Place(slot: slot, offset: row.offset, header: row.header)
        if store.isFindable(row, at: place, mending: repairs) { continue }
        findings.append(
          CheckFinding(
            kind: .missingEntry, segment: id, offset: row.offset, realm: row.realm,
            digest: row.digest, isRepaired: repairs, detail: "the memory table does not find it"))
      }
      if findings.isEmpty, let detail = store.recountRecords(rows, inSlot: slot) {
        if repairs { store.mendAccounts() }
        findings.append(
          CheckFinding(kind: .badAccount, segment: id, isRepaired: repairs, detail: detail))
      }
      return findings
    }
    for finding in findings { report.add(finding) }
  }
}
