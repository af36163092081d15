import LarderCore
import LarderMessages
import LarderService
import LarderStore
import LarderWire

/// The next frames of a connection's GETs and OPENs, made on a worker.
///
/// One batch of a connection is under way at a time, and the next begins once the output has room:
/// so a connection holds `batchBytes` and one piece at most, however large the blobs are and
/// however slowly it reads. A cursor that is not through goes to the back, so that small requests
/// pass large ones.
struct ReadBatch: Sendable {
  /// Content after which a batch ends: many small blobs share one trip to a worker.
  static let batchBytes = 256 << 10

  /// Whole frames, in order.
  private(set) var blocks: [OutputBlock] = []
  /// What is left to do.
  private(set) var cursors: ArraySlice<ReadCursor>
  /// OPENs that met a blob which is damaged or gone, as they were before its frame: they can go on
  /// once it is here again.
  private(set) var halted: [(cursor: ReadCursor, digest: Digest)] = []
  /// Requests that ended, well or with an ERROR frame.
  private(set) var answered: [UInt64] = []

  private let service: Service
  private let peer: RealmCapability
  private let slabs: HeldSlabs

  /// The last of `blocks`, while it is made.
  private var frames: [UInt8] = []
  private var byteCount = 0

  init(
    _ cursors: ArraySlice<ReadCursor>, service: Service, peer: RealmCapability, slabs: HeldSlabs
  ) {
    self.cursors = cursors
    self.service = service
    self.peer = peer
    self.slabs = slabs
  }

  /// Whether no further frame is begun.
  private var isFull: Bool { byteCount + frames.count >= ReadBatch.batchBytes }

  /// Reads until the batch is full or nothing is left. Blocks on the disk.
  mutating func run() {
    while !isFull, var cursor = cursors.popFirst() {
      let isDone: Bool
      let before = cursor
      do throws(ServiceError) {
        isDone = try send(&cursor)
      } catch {
        // The frame that was begun is taken back; those before it were whole.
        frames.removeSubrange(frameStart...)
        if let digest = cursor.restorable(after: error) {
          // A frame of a run has several blobs, and is made again from where it began.
          var halt = cursor.isRun ? before : cursor
          halt.restored = cursor.place
          halted.append((halt, digest))
          continue
        }
        frames += ReplyEncoding.error(
          ErrorMessage(error), kind: cursor.verb.rawValue, id: cursor.id)
        frameStart = frames.count
        answered.append(cursor.id)
        continue
      }
      if isDone { answered.append(cursor.id) } else { cursors.append(cursor) }
    }
    endBlock()
  }

  /// Where the frame that is being made begins.
  private var frameStart = 0

  private mutating func send(_ cursor: inout ReadCursor) throws(ServiceError) -> Bool {
    switch cursor.work {
    case .run(let blobs): return try sendRun(blobs, &cursor)
    case .items(let items):
      if cursor.place < 0 {
        beginFrame(capacity: ReadBatch.batchBytes)
        addHead(&cursor)
        let isDone = cursor.place == items.count
        endFrame(isDone ? [.reply, .data] : [.reply, .data, .more], cursor)
        return isDone
      }
      return try sendItems(items, &cursor)
    }
  }

  /// Adds what fits into a frame of the bytes that come first.
  private mutating func addHead(_ cursor: inout ReadCursor) {
    let end = min(Int(cursor.sent) + WireLimits.contentFrameBytes, cursor.head.count)
    frames += cursor.head[Int(cursor.sent)..<end]
    cursor.sent = Int64(end)
    if end == cursor.head.count { (cursor.place, cursor.sent) = (0, 0) }
  }

  // MARK: - Items

  private mutating func sendItems(
    _ items: [GetItem], _ cursor: inout ReadCursor
  ) throws(ServiceError) -> Bool {
    while cursor.place < items.count {
      if isFull { return false }
      if cursor.reply == .places, cursor.sent == 0 {
        if try sendPlaces(items, &cursor) { continue }
        // Some may be in slabs that the client has.
        if cursor.groupMax > 1 {
          cursor.groupMax = 1
          continue
        }
      }
      let isLast = cursor.place == items.count - 1
      if try sendPiece(of: items[cursor.place], isLast: isLast, &cursor) {
        cursor.place += 1
        cursor.sent = 0
      }
    }
    return true
  }

  /// Adds one frame of places for the next items, and before it one for slabs that the client does
  /// not have.
  ///
  /// - Returns: false where memory, or the client's share of it, has no room for them.
  private mutating func sendPlaces(
    _ items: [GetItem], _ cursor: inout ReadCursor
  ) throws(ServiceError) -> Bool {
    let group = PlacedItems(
      items, from: cursor.place, countMax: cursor.groupMax, service: service, peer: peer)
    guard let (places, needed) = try group.places(needsAll: cursor.needsAll),
      let new = slabs.take(needed)
    else { return false }
    if !new.isEmpty {
      endBlock()
      beginFrame(capacity: 0)
      for slab in new { slab.notice.append(to: &frames) }
      endFrame([.reply, .slabs, .more], cursor)
    }
    let isLast = cursor.place + places.count == items.count
    beginFrame(capacity: places.reduce(0) { $0 + $1.byteCount })
    for place in places { place.append(to: &frames) }
    endFrame(isLast ? [.reply, .places] : [.reply, .places, .more], cursor)
    if !new.isEmpty { endBlock(with: new) }
    cursor.place += places.count
    return true
  }

  /// Adds one frame; true if the item has no further one.
  private mutating func sendPiece(
    of item: GetItem, isLast: Bool, _ cursor: inout ReadCursor
  ) throws(ServiceError) -> Bool {
    guard let stat = service.stat(item.digest, for: peer) else {
      if cursor.sent > 0 || cursor.needsAll { throw ReadBatch.vanished(item.digest) }
      addItem(.absent, size: 0, isLast: isLast, cursor)
      return true
    }
    let size = stat.size.value
    guard let range = item.range(inBlobOf: size) else {
      addItem(.outOfRange, size: size, isLast: isLast, cursor)
      return true
    }
    let piece = ReadBatch.piece(of: range, after: cursor.sent)
    let isEnd = piece.upperBound == range.upperBound
    beginFrame(capacity: GetItemHead.byteCount + piece.count)
    GetItemHead(item: cursor.place, status: .found, blobSize: size).append(to: &frames)
    do throws(ServiceError) {
      try append(item.digest, piece, wholeSize: size)
    } catch {
      if cursor.needsAll { throw error }
      frames.removeSubrange(frameStart...)
      switch error.code {
      case .corrupt: addItem(.corrupt, size: size, isLast: isLast, cursor)
      case .notFound where cursor.sent == 0: addItem(.absent, size: 0, isLast: isLast, cursor)
      default: throw error
      }
      return true
    }
    endFrame(isLast && isEnd ? [.reply, .data] : [.reply, .data, .more], cursor)
    cursor.sent += Int64(piece.count)
    return isEnd
  }

  private mutating func addItem(
    _ status: GetItemStatus, size: Int64, isLast: Bool, _ cursor: ReadCursor
  ) {
    beginFrame(capacity: GetItemHead.byteCount)
    GetItemHead(item: cursor.place, status: status, blobSize: size).append(to: &frames)
    endFrame(isLast ? [.reply, .data] : [.reply, .data, .more], cursor)
  }

  // MARK: - Runs

  /// Adds one frame, which fills the batch; the last piece may exceed it.
  private mutating func sendRun(
    _ blobs: [BlobStat], _ cursor: inout ReadCursor
  ) throws(ServiceError) -> Bool {
    beginFrame(capacity: ReadBatch.batchBytes)
    if cursor.place < 0 { addHead(&cursor) }
    while cursor.place >= 0, cursor.place < blobs.count, !isFull {
      let blob = blobs[cursor.place]
      let piece = ReadBatch.piece(of: 0..<blob.size.value, after: cursor.sent)
      try append(blob.digest, piece, wholeSize: blob.size.value)
      cursor.sent += Int64(piece.count)
      if cursor.sent == blob.size.value { (cursor.place, cursor.sent) = (cursor.place + 1, 0) }
    }
    let isDone = cursor.place == blobs.count
    endFrame(isDone ? [.reply, .data] : [.reply, .data, .more], cursor)
    return isDone
  }

  // MARK: - Bytes

  /// What one read takes: up to the next multiple of a piece within the blob, so that each stored
  /// piece is decoded once.
  private static func piece(of range: Range<Int64>, after sent: Int64) -> Range<Int64> {
    let start = range.lowerBound + sent
    let pieceBytes = Int64(WireLimits.contentFrameBytes)
    return start..<min(range.upperBound, (start / pieceBytes + 1) * pieceBytes)
  }

  private mutating func append(
    _ digest: Digest, _ range: Range<Int64>, wholeSize: Int64
  ) throws(ServiceError) {
    guard !range.isEmpty else { return }
    let start = frames.count
    let isWhole = range.lowerBound == 0 && range.upperBound == wholeSize
    try service.read(digest, range: isWhole ? nil : range, for: peer) { piece in
      frames.append(contentsOf: piece)
    }
    guard frames.count - start == range.count else {
      throw ServiceError(
        .internal, "a read of \(range.count) bytes gave \(frames.count - start)",
        subject: digest.hex)
    }
  }

  private mutating func beginFrame(capacity: Int) {
    frames.reserveCapacity(frames.count + FrameHeader.byteCount + capacity)
    frameStart = frames.count
    frames.append(contentsOf: repeatElement(0, count: FrameHeader.byteCount))
  }

  /// Writes the header in front of what was added since `beginFrame`.
  private mutating func endFrame(_ flags: FrameFlags, _ cursor: ReadCursor) {
    let length = frames.count - frameStart - FrameHeader.byteCount
    var header: [UInt8] = []
    FrameHeader(verb: cursor.verb, flags: flags, requestID: cursor.id, length: length)
      .append(to: &header)
    frames.replaceSubrange(frameStart..<frameStart + FrameHeader.byteCount, with: header)
    frameStart = frames.count
  }

  /// Ends a block of whole frames, with whose first byte the slabs' descriptors go.
  private mutating func endBlock(with slabs: [HandedSlab] = []) {
    byteCount += frames.count
    blocks.append(OutputBlock(frames: frames, slabs: slabs))
    frames = []
    frameStart = 0
  }

  /// What OPEN promised, or GET began, and is not there any more.
  static func vanished(_ digest: Digest) -> ServiceError {
    ServiceError(
      .notFound, "blob \(digest) was evicted while it was sent", remedy: "ask again",
      subject: digest.hex)
  }
}
