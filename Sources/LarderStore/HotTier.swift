import LarderCore
import LarderPlatform

/// A cache of decoded, verified bytes in memory: what was read twice is read from here.
///
/// ```
///   cold read ──> verified ──> asked for before? ──> open slab (private memory, a realm's own)
///                                                        │ full
///   hit <── copy ── sealed slab (shared read-only) <── written to a memory file, sealed
/// ```
///
/// It decides nothing about what exists: the store's table does, and asks here for bytes only. All
/// memory is charged to one budget until its last reader, here or in another process, is done.
final class HotTier: Sendable {
  private let options: Store.Options
  private let ledger: HotLedger
  private let state = Locked(HotState())
  /// Held while a descriptor is made, and while the kernel is asked who has one.
  private let handing = Locked(())

  /// Bytes of a slab for each record that it may hold. A record costs some 150 bytes beside the
  /// slab, which is not in the budget: so at most a seventh of it.
  private static let bytesPerRecord = 1024

  /// - Precondition: the options give it memory.
  init(_ options: Store.Options) {
    self.options = options
    ledger = HotLedger(
      total: Int(options.hotMemory.value), perRealm: Int(options.hotMemoryOfRealm))
  }

  private var slabSize: Int { Int(options.slabSize.value) }

  // MARK: - Reading

  /// Lends the bytes if they are here.
  ///
  /// - Returns: whether they were.
  func read(
    _ key: HotKey, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) -> Bool {
    guard let found = state.withLock({ $0.find(key) }) else { return false }
    try found.slab.withBytes(at: found.offset, count: found.length, body)
    return true
  }

  /// Keeps bytes that were just verified, if they were asked for before and there is room.
  ///
  /// What is longer than a quarter of a slab is not kept, which bounds what a full slab leaves
  /// unused; with slabs of 4 MiB no chunk is. A thread that finds another one filling its realm's
  /// slab goes on without: the next read is another chance.
  func admit(_ key: HotKey, _ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0, bytes.count <= slabSize / 4 else { return }
    let records = slabSize / HotTier.bytesPerRecord
    switch state.withLock({ $0.begin(key, byteCount: bytes.count, recordsMax: records) }) {
    case .refused: return
    case .room(let slab, let offset): fill(slab, key, bytes, at: offset)
    case .full(let full, let used):
      if let full { seal(full, used: used) }
      guard let slab = openSlab(key.realm) else {
        return state.withLock { $0.endFilling(key.realm) }
      }
      fill(slab, key, bytes, at: 0)
    }
  }

  private func fill(_ slab: Slab, _ key: HotKey, _ bytes: UnsafeRawBufferPointer, at offset: Int) {
    slab.fill(bytes, at: offset)
    state.withLock { $0.publish(key, in: slab, offset: offset, byteCount: bytes.count) }
  }

  private func openSlab(_ realm: RealmID) -> Slab? {
    // Without pages the blob stays on disk, where it was read a moment ago.
    guard let charge = room(slabSize, realm),
      let slab = try? Slab(open: state.withLock { $0.makeID() }, realm: realm, charge: charge)
    else { return nil }
    state.withLock { $0.addOpen(slab) }
    return slab
  }

  /// Replaces a full slab by a sealed copy. Where that fails the slab stays as it is: it answers,
  /// and is not shared.
  private func seal(_ full: Slab, used: Int) {
    let byteCount = HotTier.pages(used)
    guard let charge = room(byteCount, full.realm) else { return }
    do throws(SystemCallError) {
      let file = try MemoryFile(byteCount: byteCount)
      try full.copy(used, to: file)
      let sealed = try Slab(sealing: file, id: full.id, realm: full.realm, charge: charge)
      _ = state.withLock { $0.replace(full, with: sealed) }
    } catch {
      // Of descriptors or memory there is none left; what is here goes on being read.
      return
    }
  }

  /// Room in the budget, made by giving up the coldest slabs; nil where users hold too much.
  private func room(_ byteCount: Int, _ realm: RealmID) -> HotCharge? {
    while true {
      do throws(HotLedger.Full) {
        return try ledger.charge(byteCount, to: realm)
      } catch {
        let narrow = error == .realm ? realm : nil
        guard reclaim() || state.withLock({ $0.evict(of: narrow) }) != nil else { return nil }
      }
    }
  }

  /// `count` rounded up to whole pages, which is what it takes.
  private static func pages(_ count: Int) -> Int { (count + 4095) & ~4095 }

  // MARK: - Gathering

  /// Where the bytes are, if they are here.
  ///
  /// - Parameter isShared: only in a form to share.
  func extent(_ key: HotKey, isShared: Bool) -> SlabExtent? {
    state.withLock { isShared ? $0.findSealed(key) : $0.findKept(key) }
  }

  /// Where the bytes of all keys are, in order; nil where some are not here.
  ///
  /// - Parameter isShared: only in a form to share.
  func extents(_ keys: some Sequence<HotKey>, isShared: Bool) -> [SlabExtent]? {
    state.withLock { state in
      var extents: [SlabExtent] = []
      for key in keys {
        guard let extent = isShared ? state.findSealed(key) : state.findKept(key) else {
          return nil
        }
        extents.append(extent)
      }
      return extents
    }
  }

  /// As `HotState.findJoined`.
  func joined(_ key: HotKey, usedIn period: UInt32) -> SlabExtent? {
    state.withLock { $0.findJoined(key, usedIn: period) }
  }

  /// As `HotState.join`.
  func join(_ key: HotKey, _ extent: SlabExtent, usedIn period: UInt32) {
    state.withLock { $0.join(key, extent, usedIn: period) }
  }

  /// Makes a sealed slab of the parts that `write` puts into the memory file, each at its offset.
  ///
  /// - Returns: nil where the budget has no room, or no descriptor or memory is left.
  func gather(
    _ parts: [(key: HotKey, offset: Int, length: Int)], byteCount used: Int, realm: RealmID,
    _ write: (MemoryFile) throws(StoreError) -> Void
  ) throws(StoreError) -> Slab? {
    let byteCount = HotTier.pages(used)
    guard let charge = room(byteCount, realm) else { return nil }
    // Without a descriptor or pages the bytes are as good.
    guard let file = try? MemoryFile(byteCount: byteCount) else { return nil }
    try write(file)
    let id = state.withLock { $0.makeID() }
    guard let slab = try? Slab(sealing: file, id: id, realm: realm, charge: charge) else {
      return nil
    }
    state.withLock { $0.add(slab, parts) }
    return slab
  }

  // MARK: - Handing out

  /// A descriptor of a sealed slab for a process of `user`, charged until it was taken back and
  /// nobody has it any more.
  ///
  /// - Returns: nil where the user holds as much as one may, or the slab is open: answer with
  ///   bytes.
  /// - Throws: where no descriptor is left.
  func handOut(_ slab: Slab, to user: UInt32) throws(StoreError) -> SealedMemory? {
    guard slab.isSealed else { return nil }
    if let memory = try handOutNow(slab, to: user) { return memory }
    guard reclaim() else { return nil }
    return try handOutNow(slab, to: user)
  }

  private func handOutNow(_ slab: Slab, to user: UInt32) throws(StoreError) -> SealedMemory? {
    let max = Int(options.handedOutOfUser)
    do throws(SystemCallError) {
      return try handing.withLock { (_) throws(SystemCallError) -> SealedMemory? in
        guard state.withLock({ $0.handedOut.add(slab, to: user, max: max) }) else { return nil }
        return try slab.reopened()
      }
    } catch {
      takeBack(slab.id, from: user)
      throw StoreError("hand out a slab", cause: error)
    }
  }

  /// Ends one `handOut` of a slab to a user, whose process may have it even so; one that never was
  /// changes nothing.
  func takeBack(_ slab: UInt64, from user: UInt32) {
    state.withLock { $0.handedOut.giveBack(slab, from: user) }
  }

  /// Ends the charge of what was taken back and nobody has any more.
  ///
  /// - Returns: whether there was any.
  @discardableResult
  private func reclaim() -> Bool {
    let free = handing.withLock { _ in
      let free = state.withLock { $0.handedOut.givenBack }.filter { !$0.isShared() }
      state.withLock { $0.handedOut.forget(free) }
      return free
    }
    return !free.isEmpty
  }

  // MARK: - Forgetting

  /// Gives up a blob's or chunk's bytes.
  func forget(_ digest: Digest, _ realm: RealmID) { state.withLock { $0.forget(digest, realm) } }

  /// Gives up everything of one realm, or of all; what is handed out stays charged.
  func forget(_ realm: RealmID? = nil) {
    _ = state.withLock { $0.forget(realm) }
  }

  // MARK: - Figures

  func statistics(of realm: RealmID? = nil) -> Store.HotStatistics {
    reclaim()
    let bytes = ledger.bytes
    return state.withLock { state in
      var sum = Store.HotStatistics()
      for (owner, counters) in state.counters where realm == nil || owner == realm {
        sum.hits += counters.hits
        sum.misses += counters.misses
        sum.admitted += counters.admitted
        sum.evictedSlabs += counters.evictedSlabs
      }
      sum.residentBytes = bytes.reduce(0) { $0 + (realm == nil || $1.key == realm ? $1.value : 0) }
      sum.handedOutBytes = state.handedOut.bytes(in: realm)
      return sum
    }
  }
}
