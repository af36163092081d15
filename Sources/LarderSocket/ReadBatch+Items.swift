import LarderCore
import LarderService
import LarderWire

/// Items of a GET, or of an OPEN of places, each with frames or a place of its own.
extension ReadBatch {
  /// Adds frames until the batch is full or the last item is through, which it returns.
  mutating func sendItems(
    _ items: [GetItem], _ cursor: inout ReadCursor
  ) throws(ServiceError) -> Bool {
    while cursor.place < items.count {
      if isFull { return false }
      if cursor.reply != .bytes, cursor.sent == 0, !isShort(items, cursor) {
        if try sendPlaces(items, &cursor) { continue }
        // Some may be in slabs that the client has.
        if !cursor.placesSingly {
          cursor.placesSingly = true
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

  /// Whether all that is asked for is one short blob, which would come to have a slab of its own.
  private func isShort(_ items: [GetItem], _ cursor: ReadCursor) -> Bool {
    guard items.count == 1, cursor.reply == .places, !cursor.needsAll,
      let size = service.stat(items[0].digest, for: peer)?.size.value
    else { return false }
    return items[0].range(inBlobOf: size).map { $0.count <= OutputQueue.copiedMax } ?? false
  }

  /// Adds a frame of places for the next items.
  ///
  /// - Returns: false where memory, or the client's share of it, has no room for them.
  private mutating func sendPlaces(
    _ items: [GetItem], _ cursor: inout ReadCursor
  ) throws(ServiceError) -> Bool {
    let group = PlacedItems(
      items, from: cursor.place, isSingle: cursor.placesSingly,
      alone: cursor.reply == .descriptors, service: service, peer: peer)
    guard let (places, needed) = try group.places(needsAll: cursor.needsAll),
      let new = slabs.take(needed)
    else { return false }
    cursor.place += places.count
    append(
      OutputBlock(
        places, sending: new, verb: cursor.verb, id: cursor.id,
        isLast: cursor.place == items.count))
    return true
  }

  /// Adds one frame; true if the item has no further one.
  private mutating func sendPiece(
    of item: GetItem, isLast: Bool, _ cursor: inout ReadCursor
  ) throws(ServiceError) -> Bool {
    guard let stat = service.stat(item.digest, for: peer) else {
      if cursor.sent > 0 || cursor.needsAll { throw PlacedItems.vanished(item.digest) }
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
}
