package import LarderPlatform
package import LarderStore

extension Service {
  /// Whether content can be shared as places in slabs at all.
  package var sharesSlabs: Bool { content.store.sharesSlabs }

  /// Where bytes of a blob are in memory already. Looks at memory only; nil where they have to be
  /// gathered, or are not there. Not all of them need be in slabs that may be shared.
  package func gathered(
    _ wanted: BlobRange, for peer: RealmCapability
  ) -> GatheredBlob? {
    content.store.gathered(wanted, isShared: false, in: peer.readable)
  }

  /// Brings bytes of blobs into slabs; nil where memory has no room for them.
  ///
  /// Blocks: for workers only.
  /// - Throws: `notFound`, `corrupt`, `io`.
  package func gather(
    _ wanted: [BlobRange], for peer: RealmCapability
  ) throws(ServiceError) -> [GatheredBlob]? {
    do { return try content.store.gather(wanted, in: peer.readable) } catch {
      throw ServiceError(error)
    }
  }

  /// Brings bytes of blobs into slabs that have one blob each; nil where memory has no room for them.
  ///
  /// Blocks: for workers only.
  /// - Throws: as `gather`.
  package func gatherAlone(
    _ wanted: [BlobRange], for peer: RealmCapability
  ) throws(ServiceError) -> [GatheredBlob]? {
    var found: [GatheredBlob] = []
    for wanted in wanted {
      do {
        guard let blob = try content.store.gatherAlone(wanted, in: peer.readable) else {
          return nil
        }
        found.append(blob)
      } catch {
        throw ServiceError(error)
      }
    }
    return found
  }

  /// A descriptor of a slab for a process of `user`; nil where that user holds as much as one may.
  package func handOut(_ slab: Slab, to user: UInt32) throws(ServiceError) -> SealedMemory? {
    do { return try content.store.handOut(slab, to: user) } catch { throw ServiceError(error) }
  }

  /// Notes that a process of `user` let go of a slab, or is gone, once for each `handOut`.
  package func takeBack(_ slab: UInt64, from user: UInt32) {
    content.store.takeBack(slab, from: user)
  }
}
