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
  static let countMax = 256

  private let items: ArraySlice<GetItem>
  private let service: Service
  private let peer: RealmCapability

  /// The items from `start` on, one at least and at most `countMax`.
  init(
    _ items: [GetItem], from start: Int, countMax: Int, service: Service, peer: RealmCapability
  ) {
    self.service = service
    self.peer = peer
    var end = start
    var bytes: Int64 = 0
    repeat {
      let size = service.stat(items[end].digest, for: peer)?.size.value ?? 0
      bytes += Int64(items[end].range(inBlobOf: size)?.count ?? 0)
      end += 1
    } while end < items.count && end - start < countMax && bytes < PlacedItems.bytesMax
    self.items = items[start..<end]
  }

  /// Where the items are, and in which slabs; fewer than all of them where one cannot be read.
  ///
  /// - Returns: nil where memory has no room for them.
  func places(
    needsAll: Bool
  ) throws(ServiceError) -> (places: [BlobPlace], slabs: [Slab])? {
    do throws(ServiceError) {
      return try places(of: items, needsAll: needsAll)
    } catch {
      guard items.count > 1, error.code == .corrupt || error.code == .notFound else { throw error }
      // Which one it is, is found by asking for each alone.
      return try places(of: items.prefix(1), needsAll: needsAll)
    }
  }

  private func places(
    of items: ArraySlice<GetItem>, needsAll: Bool
  ) throws(ServiceError) -> (places: [BlobPlace], slabs: [Slab])? {
    var wanted: [BlobRange] = []
    var heads: [GetItemHead] = []
    for (number, item) in zip(items.indices, items) {
      let size = service.stat(item.digest, for: peer)?.size.value
      if size == nil, needsAll { throw ReadBatch.vanished(item.digest) }
      let range = size.flatMap { item.range(inBlobOf: $0) }
      let status: GetItemStatus = size == nil ? .absent : range == nil ? .outOfRange : .found
      heads.append(GetItemHead(item: number, status: status, blobSize: size ?? 0))
      if let range { wanted.append(BlobRange(item.digest, range)) }
    }
    let found: [GatheredBlob]?
    do throws(ServiceError) {
      found = try service.gather(wanted, for: peer)
    } catch {
      guard items.count == 1, !needsAll, let head = heads.first,
        error.code == .corrupt || error.code == .notFound
      else { throw error }
      let status: GetItemStatus = error.code == .corrupt ? .corrupt : .absent
      let size = error.code == .corrupt ? head.blobSize : 0
      return ([BlobPlace(GetItemHead(item: head.item, status: status, blobSize: size), [])], [])
    }
    guard let found else { return nil }
    var rest = found[...]
    let places = heads.map { head in
      BlobPlace(head, head.status == .found ? rest.removeFirst().places : [])
    }
    return (places, found.flatMap { $0.extents.map(\.slab) })
  }
}

extension GatheredBlob {
  /// As a PLACES frame says it.
  var places: [SlabPlace] {
    extents.map { SlabPlace(slab: $0.slab.id, offset: $0.offset, length: $0.length) }
  }
}
