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
/// pass large ones; behind what came meanwhile, but nothing that came later passes who has not had
/// a turn.
struct ReadBatch: Sendable {
  /// Content after which a batch ends: many small blobs share one trip to a worker.
  static let batchBytes = 256 << 10

  /// Whole frames, in order.
  private(set) var blocks: [OutputBlock] = []
  /// What is left to do and had no turn.
  private(set) var cursors: ArraySlice<ReadCursor>
  /// What is left to do of those that had a turn.
  private(set) var begun: ArraySlice<ReadCursor> = []
  /// OPENs that met a blob which is damaged or gone, as they were before its frame: they can go on
  /// once it is here again.
  private(set) var halted: [(cursor: ReadCursor, digest: Digest)] = []
  /// Requests that ended, well or with an ERROR frame.
  private(set) var answered: [UInt64] = []
  /// Why some of them ended with one.
  private(set) var errors: [(verb: Verb, code: String)] = []

  let service: Service
  let peer: RealmCapability
  let slabs: HeldSlabs

  /// The last of `blocks`, while it is made.
  var frames: [UInt8] = []
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
  var isFull: Bool { byteCount + frames.count >= ReadBatch.batchBytes }

  /// Reads until the batch is full or nothing is left. Blocks on the disk.
  mutating func run() {
    while !isFull, var cursor = cursors.popFirst() ?? begun.popFirst() {
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
        let refusal = ErrorMessage(error)
        errors.append((cursor.verb, refusal.code))
        frames += ReplyEncoding.error(refusal, kind: cursor.verb.rawValue, id: cursor.id)
        frameStart = frames.count
        answered.append(cursor.id)
        continue
      }
      if isDone { answered.append(cursor.id) } else { begun.append(cursor) }
    }
    endBlock()
  }

  /// Where the frame that is being made begins.
  var frameStart = 0

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
  static func piece(of range: Range<Int64>, after sent: Int64) -> Range<Int64> {
    let start = range.lowerBound + sent
    let pieceBytes = Int64(WireLimits.contentFrameBytes)
    return start..<min(range.upperBound, (start / pieceBytes + 1) * pieceBytes)
  }

  mutating func append(
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

  mutating func beginFrame(capacity: Int) {
    frames.reserveCapacity(frames.count + FrameHeader.byteCount + capacity)
    frameStart = frames.count
    frames.append(contentsOf: repeatElement(0, count: FrameHeader.byteCount))
  }

  /// Writes the header in front of what was added since `beginFrame`.
  mutating func endFrame(_ flags: FrameFlags, _ cursor: ReadCursor) {
    let length = frames.count - frameStart - FrameHeader.byteCount
    var header: [UInt8] = []
    FrameHeader(verb: cursor.verb, flags: flags, requestID: cursor.id, length: length)
      .append(to: &header)
    frames.replaceSubrange(frameStart..<frameStart + FrameHeader.byteCount, with: header)
    frameStart = frames.count
  }

  /// Ends the block of whole frames that is being made.
  private mutating func endBlock() {
    byteCount += frames.count
    blocks.append(OutputBlock(frames: frames))
    frames = []
    frameStart = 0
  }

  /// Adds a block of whole frames.
  mutating func append(_ block: OutputBlock) {
    endBlock()
    byteCount += block.byteCount
    blocks.append(block)
  }
}
