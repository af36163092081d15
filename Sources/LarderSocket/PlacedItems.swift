import LarderCore
import LarderService
import LarderStore
import LarderWire

/// Items of one request that are brought into slabs together, so that small ones share slabs.
struct PlacedItems {
  /// Bytes after which a group ends: about one slab.
  private static let bytesMax: Int64 = 4 << 20
  /// Items after which it ends, so that a group is answered in well under a millisecond where all of
  /// it is in memory.
  private static let countMax = 256
  /// Items after which a group ends that takes a descriptor for each: a quarter of what the client
  /// may leave unread.
  private static let countAloneMax = WireLimits.descriptorsPerFrameMax / 4

  private struct Entry {
    let number: Int
    let item: GetItem
    /// The blob's; nil where there is none.
    let size: Int64?

    /// The bytes that are wanted; nil where there are none to place.
    var range: Range<Int64>? { size.flatMap { item.range(inBlobOf: $0) } }

    /// What it is if it can be read.
    var head: GetItemHead {
      let status: GetItemStatus = size == nil ? .absent : range == nil ? .outOfRange : .found
      return GetItemHead(item: number, status: status, blobSize: size ?? 0)
    }
  }

  private var entries: [Entry] = []
  /// Whether each blob has a slab of its own.
  private let alone: Bool
  private let service: Service
  private let peer: RealmCapability

  /// The items from `start` on, one at least.
  init(
    _ items: [GetItem], from start: Int, isSingle: Bool, alone: Bool, service: Service,
    peer: RealmCapability
  ) {
    self.alone = alone
    self.service = service
    self.peer = peer
    let countMax = alone ? PlacedItems.countAloneMax : PlacedItems.countMax
    var bytes: Int64 = 0
    for number in items[start...].indices.prefix(isSingle ? 1 : countMax) {
      if bytes >= PlacedItems.bytesMax { break }
      let item = items[number]
      let entry = Entry(
        number: number, item: item, size: service.stat(item.digest, for: peer)?.size.value)
      bytes += Int64(entry.range?.count ?? 0)
      entries.append(entry)
    }
  }

  /// Where the items are, and in which slabs; fewer than all of them where one cannot be read.
  ///
  /// - Parameter needsAll: whether one that is not there, or damaged, is an error.
  /// - Returns: nil where memory has no room for them.
  func places(
    needsAll: Bool
  ) throws(ServiceError) -> (places: [BlobPlace], slabs: [Slab])? {
    do throws(ServiceError) {
      return try places(of: entries[...], needsAll: needsAll)
    } catch {
      guard entries.count > 1, error.code == .corrupt || error.code == .notFound else {
        throw error
      }
      // Which one it is, is found by asking for each alone.
      return try places(of: entries.prefix(1), needsAll: needsAll)
    }
  }

  private func places(
    of entries: ArraySlice<Entry>, needsAll: Bool
  ) throws(ServiceError) -> (places: [BlobPlace], slabs: [Slab])? {
    if needsAll, let absent = entries.first(where: { $0.size == nil }) {
      throw PlacedItems.vanished(absent.item.digest)
    }
    let found: [GatheredBlob]?
    do throws(ServiceError) {
      let wanted = entries.compactMap { entry in
        entry.range.map { BlobRange(entry.item.digest, $0) }
      }
      found = try alone ? service.gatherAlone(wanted, for: peer) : service.gather(wanted, for: peer)
    } catch {
      guard entries.count == 1, !needsAll, let head = entries.first?.head,
        error.code == .corrupt || error.code == .notFound
      else { throw error }
      let status: GetItemStatus = error.code == .corrupt ? .corrupt : .absent
      let size = error.code == .corrupt ? head.blobSize : 0
      return ([BlobPlace(GetItemHead(item: head.item, status: status, blobSize: size), [])], [])
    }
    guard let found else { return nil }
    var rest = found[...]
    let places = entries.map { entry in
      BlobPlace(entry.head, entry.range == nil ? [] : rest.removeFirst().places)
    }
    return (places, found.flatMap(\.slabs))
  }

  /// What OPEN promised, or GET began, and is not there any more.
  static func vanished(_ digest: Digest) -> ServiceError {
    ServiceError(
      .notFound, "blob \(digest) was evicted while it was sent", remedy: "ask again",
      subject: digest.hex)
  }
}

extension GatheredBlob {
  /// As a PLACES frame says it.
  var places: [SlabPlace] {
    extents.map { SlabPlace(slab: $0.slab.id, offset: $0.offset, length: $0.length) }
  }

  var slabs: [Slab] { extents.map(\.slab) }
}

extension OutputBlock {
  /// A frame of places, and before it one for the slabs that the client has to be sent.
  init(_ places: [BlobPlace], sending new: [HandedSlab], verb: Verb, id: UInt64, isLast: Bool) {
    var frames: [UInt8] = []
    var body: [UInt8] = []
    if !new.isEmpty {
      for slab in new { slab.notice.append(to: &body) }
      frames.appendFrame(verb, [.reply, .slabs, .more], id: id, body: body)
      body = []
    }
    body.reserveCapacity(places.reduce(0) { $0 + $1.byteCount })
    for place in places { place.append(to: &body) }
    frames.appendFrame(
      verb, isLast ? [.reply, .places] : [.reply, .places, .more], id: id, body: body)
    self.init(frames: frames)
    slabs = new
  }
}
