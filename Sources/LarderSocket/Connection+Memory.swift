import LarderCore
import LarderService
import LarderStore
import LarderWire

/// What is in memory is answered by the loop itself: no worker, no copy but of what is short.
extension Connection {
  /// Items of one request that the loop answers at once: some tens of microseconds.
  private static let itemsMax = 64

  /// Answers a GET all of which is in memory, if it is short.
  ///
  /// - Returns: whether it was.
  func answerFromMemory(_ request: GetRequest, _ id: UInt64) -> Bool {
    switch request.reply {
    case .bytes: request.count == 1 && answerBytes(request[0], id)
    case .places:
      (request.count == 1 && answerPlace(request[0], id)) || answerPlaces(request, id)
    case .descriptors: false
    }
  }

  private func answerBytes(_ item: GetItem, _ id: UInt64) -> Bool {
    guard let blob = gathered(item), blob.byteCount <= WireLimits.contentFrameBytes else {
      return false
    }
    append(blob, [.reply, .data], item: 0, id)
    state.answered(id)
    return true
  }

  /// A single short blob goes as bytes: it would come to have a slab of its own.
  private func answerPlace(_ item: GetItem, _ id: UInt64) -> Bool {
    guard let blob = gathered(item) else { return false }
    if blob.byteCount <= OutputQueue.copiedMax {
      append(blob, [.reply, .data], item: 0, id)
    } else {
      guard mayName(blob), slabs.hold(blob.extents) else { return false }
      let place = BlobPlace(
        GetItemHead(item: 0, status: .found, blobSize: blob.size.value), blob.places)
      output.append(upTo: FrameHeader.byteCount + place.byteCount) { bytes in
        FrameHeader(
          verb: .get, flags: [.reply, .places], requestID: id, length: place.byteCount
        ).append(to: &bytes)
        place.append(to: &bytes)
      }
    }
    state.answered(id)
    return true
  }

  private func answerPlaces(_ request: GetRequest, _ id: UInt64) -> Bool {
    guard request.count <= Connection.itemsMax else { return false }
    var places: [BlobPlace] = []
    var needed: [Slab] = []
    for number in 0..<request.count {
      guard let blob = gathered(request[number]), mayName(blob) else { return false }
      let head = GetItemHead(item: number, status: .found, blobSize: blob.size.value)
      places.append(BlobPlace(head, blob.places))
      needed += blob.slabs
    }
    guard let new = slabs.take(needed) else { return false }
    output.append(OutputBlock(places, sending: new, verb: .get, id: id, isLast: true))
    state.answered(id)
    return true
  }

  /// Whether a client may be told now where the bytes are: behind a batch, which may name slabs,
  /// places have to wait.
  private func mayName(_ blob: GatheredBlob) -> Bool {
    !isReading && blob.extents.allSatisfy { $0.slab.isSealed }
  }

  /// The bytes that an item wants, if they lie within its blob and are in memory.
  private func gathered(_ item: GetItem) -> GatheredBlob? {
    guard let range = item.range,
      let blob = context.service.gathered(BlobRange(item.digest, range), for: peer),
      item.range(inBlobOf: blob.size.value) != nil
    else { return nil }
    return blob
  }

  /// Sends what is in memory of the GETs that wait, piece by piece and by turns, as long as there is
  /// room and the next piece is there.
  func readFromMemory() {
    while !isFull, let cursor = reads.first, let blob = nextInMemory(cursor) {
      var cursor = cursor
      reads.removeFirst()
      cursor.sent += Int64(blob.byteCount)
      let item = cursor.place
      if cursor.sent == cursor.itemEnd(inBlobOf: blob.size.value) {
        (cursor.place, cursor.sent) = (item + 1, 0)
      }
      append(
        blob, cursor.isThrough ? [.reply, .data] : [.reply, .data, .more], item: item, cursor.id)
      if cursor.isThrough { state.answered(cursor.id) } else { reads.append(cursor) }
    }
  }

  /// The next piece that a GET of bytes sends, if it is in memory.
  private func nextInMemory(_ cursor: ReadCursor) -> GatheredBlob? {
    guard cursor.verb == .get, cursor.reply == .bytes, case .items(let items) = cursor.work,
      let size = context.service.stat(items[cursor.place].digest, for: peer)?.size.value,
      let range = items[cursor.place].range(inBlobOf: size)
    else { return nil }
    return context.service.gathered(
      BlobRange(items[cursor.place].digest, ReadBatch.piece(of: range, after: cursor.sent)),
      for: peer)
  }

  /// Queues a frame of an item; what is long is written from where it is.
  private func append(_ blob: GatheredBlob, _ flags: FrameFlags, item: Int, _ id: UInt64) {
    let count = blob.byteCount
    let isCopied = count <= OutputQueue.copiedMax
    let headBytes = FrameHeader.byteCount + GetItemHead.byteCount
    output.append(upTo: headBytes + (isCopied ? count : 0)) { bytes in
      FrameHeader(
        verb: .get, flags: flags, requestID: id, length: GetItemHead.byteCount + count
      ).append(to: &bytes)
      GetItemHead(item: item, status: .found, blobSize: blob.size.value).append(to: &bytes)
      guard isCopied else { return }
      for extent in blob.extents {
        extent.slab.withBytes(at: extent.offset, count: extent.length) {
          bytes.append(contentsOf: $0)
        }
      }
    }
    if !isCopied { for extent in blob.extents { output.append(OutputBlock(memory: extent)) } }
  }
}

extension GatheredBlob {
  /// Bytes that were wanted.
  fileprivate var byteCount: Int { extents.reduce(0) { $0 + $1.length } }
}

extension ReadCursor {
  /// Whether every item was sent.
  fileprivate var isThrough: Bool {
    if case .items(let items) = work { place == items.count } else { false }
  }

  /// Bytes of the present item in all.
  fileprivate func itemEnd(inBlobOf size: Int64) -> Int64? {
    guard case .items(let items) = work else { return nil }
    return items[place].range(inBlobOf: size).map { Int64($0.count) }
  }
}
