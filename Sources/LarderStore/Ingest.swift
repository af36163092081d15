package import LarderCore

/// A blob on its way in, part by part; holds at most `ingestBufferSize` (1 MiB) of it in memory.
///
/// Nothing is readable under the blob's name before `finish` returns. Pieces of a large blob that
/// is not finished stay behind as unnamed chunks until eviction. Safe from any thread, one call at
/// a time; every call but `cancel` may block on the disk. The end of its life cancels it.
package final class Ingest: Sendable {
  private let gate = SerialGate()
  // Safety: touched only inside `gate`, in init and in deinit.
  private nonisolated(unsafe) var progress: Progress?
  private let store: Store
  /// The realm that the blob will belong to.
  package let realm: RealmID

  private struct Progress {
    var hash = RunningDigest()
    var buffer: UnsafeMutableRawBufferPointer
    var filled = 0
    var size: Int64 = 0
    var pieces: PieceWriter
  }

  init(store: Store, realm: RealmID) {
    self.store = store
    self.realm = realm
    progress = Progress(
      buffer: .allocate(byteCount: 0, alignment: 8),
      pieces: PieceWriter(store: store, realm: realm))
  }

  deinit { release() }

  /// Takes the next bytes of the blob.
  ///
  /// - Throws: `tooLarge` once there are more than `blobSizeMax`, `noSpace`, `io`; the ingest is
  ///   cancelled then. `closed` where it has ended before.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try gate.pass { () throws(StoreError) in
      guard var progress else { throw Ingest.closedError }
      do throws(StoreError) {
        progress.size += Int64(bytes.count)
        try store.checkSize(progress.size)
        progress.hash.update(bytes)
        var rest = bytes
        while !rest.isEmpty {
          // Cut only when more comes than fits.
          if progress.filled == store.options.ingestBufferSize {
            try cut(&progress, isAll: false)
          }
          let count = fill(&progress, from: rest)
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        self.progress = progress
      } catch {
        self.progress = progress
        release()
        throw error
      }
    }
  }

  /// Ends the blob: names it and makes it readable.
  ///
  /// - Parameter expecting: the digest that was announced, if one was.
  /// - Returns: as `Store.put`.
  /// - Throws: `digestMismatch` where the bytes are others than announced; else as `Store.put`.
  package func finish(expecting: Digest? = nil, ack: AckLevel) throws(StoreError) -> PutResult {
    try gate.pass { () throws(StoreError) -> PutResult in
      guard var progress else { throw Ingest.closedError }
      defer { release() }
      let digest = progress.hash.finish()
      if let expecting, expecting != digest {
        throw StoreError(
          .digestMismatch(expected: expecting, actual: digest),
          "\(progress.size) bytes were announced as \(expecting) and are \(digest): nothing was stored; check the source"
        )
      }
      if progress.size <= store.options.chunkedAbove.value {
        try progress.pieces.addOnly(progress.buffer.first(progress.filled), digest: digest)
      } else {
        try cut(&progress, isAll: true)
        self.progress = progress
      }
      return try progress.pieces.finish(digest: digest, ack: ack)
    }
  }

  /// Gives the blob up; what was taken so far is never readable under its name. May be called at
  /// any time.
  package func cancel() {
    gate.pass { release() }
  }

  /// Copies what fits from `bytes` into the buffer, which doubles from 64 KiB as it must.
  private func fill(_ progress: inout Progress, from bytes: UnsafeRawBufferPointer) -> Int {
    let limit = store.options.ingestBufferSize
    let wanted = min(limit, progress.filled + bytes.count)
    if wanted > progress.buffer.count {
      let size = min(limit, max(wanted, 64 << 10, progress.buffer.count * 2))
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
      larger.copyMemory(from: progress.buffer.first(progress.filled))
      progress.buffer.deallocate()
      progress.buffer = larger
    }
    let count = wanted - progress.filled
    progress.buffer.store(
      bytes: UnsafeRawBufferPointer(rebasing: bytes[..<count]), at: progress.filled)
    progress.filled = wanted
    return count
  }

  /// Stores all pieces whose end is known out of the buffer, and moves up what is left.
  private func cut(_ progress: inout Progress, isAll: Bool) throws(StoreError) {
    var rest = progress.buffer.first(progress.filled)
    while !rest.isEmpty {
      let length = try progress.pieces.addNext(of: rest, isAll: isAll)
      if length == 0 { break }
      rest = UnsafeRawBufferPointer(rebasing: rest[length...])
    }
    if let start = rest.baseAddress {
      progress.buffer.copyMemory(from: UnsafeRawBufferPointer(start: start, count: rest.count))
    }
    progress.filled = rest.count
  }

  private func release() {
    guard let progress else { return }
    progress.buffer.deallocate()
    self.progress = nil
    store.state.withLock { $0.openIngests -= 1 }
  }

  private static let closedError = StoreError(
    .closed, "this blob has ended already: begin a new put")
}
