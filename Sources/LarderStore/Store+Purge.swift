package import LarderCore
import LarderPlatform

/// What a purge removed.
package struct PurgeReport: Hashable, Sendable {
  /// Records that were overwritten: chunks and lists, copies that nobody could find included.
  package internal(set) var records = 0
  /// Their bytes in segments.
  package internal(set) var byteCount: Int64 = 0
}

extension Store {
  /// Removes a blob for good: nothing finds it any more, and its bytes are overwritten on disk, so
  /// that no rebuild of the index brings it back. The chunks of a large blob go with it unless
  /// another blob names them.
  ///
  /// Blocks: reads the table of each segment of the realm, and holds writers up while it
  /// overwrites. Leases and releases do not protect from it. A later put of the same bytes is new
  /// content.
  ///
  /// - Returns: after the bytes are overwritten on the device.
  /// - Throws: `io`, `noSpace`; then the blob is a miss, but its bytes may still be there: purge it
  ///   again.
  package func purge(_ digest: Digest, in realm: RealmID) throws(StoreError) -> PurgeReport {
    waitUntilFilled()
    // What it does not know might need the chunks that go.
    guard isFilled || state.withLock({ $0.isClosed }) else {
      throw StoreError(
        .busy, "the index cannot be read or made again at the moment, so nothing is purged",
        remedy: "look into the kernel's log, and whether the disk is full; then try again")
    }
    // No collection copies a record while it is searched for.
    return try collectGate.pass { () throws(StoreError) in
      let own = try places(of: [digest], in: realm)
      let chunks = try chunksOnly(of: own, in: realm)
      let all = try chunks.isEmpty ? own : own + places(of: chunks, in: realm)
      return try writeGate.pass { () throws(StoreError) in try erase(all, in: realm) }
    }
  }

  /// The realms that have segments here.
  package var realms: Set<RealmID> { state.withLock { Set($0.segments.map(\.segment.realm)) } }

  /// A record that was found in a segment, whether or not anything else knows it.
  private struct Sighting {
    let slot: Int
    let segment: Segment
    let offset: Int64
    let header: RecordHeader

    var place: MemoryTable.Place {
      MemoryTable.Place(slot: slot, offset: offset, header: header)
    }
  }

  /// Every record of these digests in the realm's segments.
  private func places(
    of digests: Set<Digest>, in realm: RealmID
  ) throws(StoreError) -> [Sighting] {
    let slots = state.withLock { state in
      state.segments.indices.filter { state.segments[$0].segment.realm == realm }
    }
    var found: [Sighting] = []
    for slot in slots {
      // An emergency may have removed it meanwhile: with it went what it held.
      let item = state.withLock { $0.segments.contains(slot) ? $0.segments[slot] : nil }
      guard let item, item.segment.realm == realm else { continue }
      func visit(_ offset: Int64, _ header: RecordHeader) {
        guard digests.contains(header.digest) else { return }
        found.append(
          Sighting(slot: slot, segment: item.segment, offset: offset, header: header))
      }
      try item.segment.visitRecords(before: item.end, visit)
    }
    return found
  }

  /// The pieces of these large blobs that no other list of the realm names.
  private func chunksOnly(
    of blobs: [Sighting], in realm: RealmID
  ) throws(StoreError) -> Set<Digest> {
    var chunks: Set<Digest> = []
    for blob in blobs where blob.header.kind == .list {
      // A list that cannot be read names nothing.
      try? RecordReader.read(blob.header.digest, at: blob.place, of: blob.segment) {
        header, bytes in
        let list = ChunkList(bytes, of: header.digest, size: header.size)
        chunks.formUnion(list?.entries.map(\.digest) ?? [])
      }
    }
    if chunks.isEmpty { return [] }
    let own = Set(blobs.map(\.header.digest))
    let lists = try syncGate.pass { () throws(StoreError) -> [Index.Row] in
      try settledIndex { (index) throws(IndexError) in try index.lists(of: realm) }
    }
    for row in lists where !own.contains(row.digest) {
      guard let other = state.withLock({ $0.find(row.digest, in: realm) }),
        other.place.kind == .list
      else { continue }
      // One that cannot be read needs no chunks any more.
      if let list = try? readList(other) { chunks.subtract(list.entries.map(\.digest)) }
    }
    return state.withLock { state in
      chunks.filter { state.find($0, in: realm)?.place.isPart ?? true }
    }
  }

  /// Makes records unfindable, then overwrites them. The caller holds the write gate.
  private func erase(_ all: [Sighting], in realm: RealmID) throws(StoreError) -> PurgeReport {
    var report = PurgeReport()
    try syncGate.pass { () throws(StoreError) in
      for item in all { hot?.forget(item.header.digest, realm) }
      state.withLock { state in
        for item in all {
          let hash = state.table.hash(item.header.digest, in: realm)
          state.remove(item.place, digest: item.header.digest, realm: realm)
          state.forgetRow(
            Located(
              digest: item.header.digest, realm: realm, hash: hash, place: item.place,
              segment: item.segment), isDamaged: false)
        }
      }
      // Past a synced offset a bad record ends its segment: the offset must be one that a power cut
      // cannot take back before a record in front of it is touched.
      try settledIndex { (index) throws(IndexError) in try index.checkpoint() }
      for item in all where slot(of: item.segment.id) == item.slot {
        try RecordEraser.erase(item.header, at: item.offset, of: item.segment)
        report.records += 1
        report.byteCount += Int64(item.header.recordLength)
      }
      for slot in Set(all.filter { slot(of: $0.segment.id) == $0.slot }.map(\.slot)) {
        let item = state.withLock { $0.segments[slot] }
        let segment = item.segment
        let size =
          item.phase == .sealed
          ? try SegmentFooter.write(to: segment, end: item.end, records: item.records)
          : item.fileBytes
        state.withLock { state in
          state.segments[slot].fileBytes = size
          state.segments[slot].isTouched = true
        }
      }
      if let failure = try syncRound().first { throw failure }
    }
    return report
  }
}

/// Puts zeros where a record was.
enum RecordEraser {
  /// Overwrites a record with one of the same length that holds nothing, so that a scan still steps
  /// over it.
  static func erase(
    _ old: RecordHeader, at offset: Int64, of segment: Segment
  ) throws(StoreError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: old.recordLength, alignment: 8)
    defer { buffer.deallocate() }
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    let payload = UnsafeRawBufferPointer(
      rebasing: buffer[RecordHeader.byteCount..<RecordHeader.byteCount + old.storedLength])
    let header = RecordHeader(
      kind: .erased, codec: .raw, isPart: false, rawLength: old.storedLength,
      storedLength: old.storedLength,
      digest: Digest(copying: UnsafeRawBufferPointer(rebasing: buffer[..<Digest.byteCount])),
      size: Int64(old.storedLength), payloadChecksum: CRC32C.checksum(payload))
    header.encode(into: buffer, offset: offset, salt: segment.salt)
    do throws(SystemCallError) {
      try segment.file.write(UnsafeRawBufferPointer(buffer), at: offset)
    } catch {
      throw StoreError("overwrite a record of \(segment.name)", cause: error)
    }
  }
}
