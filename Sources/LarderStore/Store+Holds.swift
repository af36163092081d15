package import LarderCore

extension Store {
  /// Keeps blobs, and the chunks of large ones, from eviction until the lease ends.
  ///
  /// - Parameters:
  ///   - digests: at most `leasedBlobsMax`; what is not there is not leased.
  ///   - life: cut off at `leaseLifeMax`; nil for that.
  /// - Throws: `busy` where the realm's budget (`leasedBytesMax`, `leasesMax`) does not allow it.
  package func lease(
    _ digests: [Digest], in realm: RealmID, life: Duration? = nil
  ) throws(StoreError) -> Lease {
    guard digests.count <= Options.leasedBlobsMax else {
      throw StoreError(
        .tooLarge, "a lease names at most \(Options.leasedBlobsMax) blobs, not \(digests.count)",
        remedy: "take several leases")
    }
    var size: Int64 = 0
    var closures: [[UInt64]] = []
    for digest in Set(digests) {
      guard let found = find(digest, in: [realm]) else { continue }
      size += found.place.size
      closures.append(try closure(of: found))
    }
    let end = clock() + min(life ?? Options.leaseLifeMax, Options.leaseLifeMax)
    let number = state.withLock { state -> UInt64? in
      state.leases.expire(at: clock(), in: &state.holds)
      guard state.leases.byteCount(of: realm) + size <= options.leasedBytesMax.value,
        state.leases.count(of: realm) < Options.leasesMax
      else { return nil }
      // What was evicted since it was looked up is not leased.
      let hashes = closures.filter { $0.allSatisfy { state.table.find($0) != nil } }.flatMap { $0 }
      let entry = LeaseBook.Entry(realm: realm, hashes: hashes, byteCount: size, end: end)
      return state.leases.begin(entry, in: &state.holds)
    }
    guard let number else {
      throw StoreError(
        .busy,
        "\(ByteCount(size)) more would exceed what a realm may lease: \(options.leasedBytesMax) in \(Options.leasesMax) leases",
        remedy: "release a lease first")
    }
    return Lease(store: self, number: number, realm: realm, byteCount: ByteCount(size))
  }

  /// Holds blobs, and the chunks of large ones, until the lease is released: for what the daemon
  /// itself is about, which no budget bounds.
  ///
  /// - Throws: `notFound` where one of them is not there; then none is held.
  package func hold(_ digests: some Sequence<Digest>, in realm: RealmID) throws(StoreError) -> Lease
  {
    var hashes: [UInt64] = []
    for digest in digests {
      guard let found = find(digest, in: [realm]) else { throw Store.notThere(digest) }
      hashes += try closure(of: found)
    }
    let held = hashes
    let number = state.withLock { state -> UInt64? in
      // What was evicted since it was looked up cannot be held any more.
      guard held.allSatisfy({ state.table.find($0) != nil }) else { return nil }
      return state.leases.begin(
        LeaseBook.Entry(realm: realm, hashes: held, byteCount: 0, end: nil), in: &state.holds)
    }
    guard let number else {
      throw StoreError(.notFound, "a blob was evicted in this moment", remedy: "put it again")
    }
    return Lease(store: self, number: number, realm: realm, byteCount: .zero)
  }

  private static func notThere(_ digest: Digest) -> StoreError {
    StoreError(.notFound, "blob \(digest) is not in the store", remedy: "fetch or put it again")
  }

  /// Separates what is kept from now on from what the registry is about to be asked for.
  package func markKept() -> UInt64 { state.withLock { $0.holds.nextMark() } }

  /// Keeps blobs from eviction for the registry, until `replaceKept` no longer names them.
  package func keep(_ digests: some Sequence<Digest>, in realm: RealmID) throws(StoreError) {
    let hashes = try closures(of: digests, in: realm)
    state.withLock { $0.holds.keep(hashes, in: realm) }
  }

  /// Replaces what a realm keeps by what its registry names, but for what was kept since `mark`.
  ///
  /// - Parameter mark: from `markKept`, taken before the registry was read.
  package func replaceKept(
    in realm: RealmID, by digests: some Sequence<Digest>, since mark: UInt64
  ) throws(StoreError) {
    let hashes = try closures(of: digests, in: realm)
    state.withLock { $0.holds.replaceKept(hashes, in: realm, since: mark) }
  }

  private func closures(
    of digests: some Sequence<Digest>, in realm: RealmID
  ) throws(StoreError) -> [UInt64] {
    var hashes: [UInt64] = []
    for digest in digests {
      if let found = find(digest, in: [realm]) {
        hashes += try closure(of: found)
      } else {
        // It may come later.
        hashes.append(state.withLock { $0.table.hash(digest, in: realm) })
      }
    }
    return hashes
  }

  /// The hashes of a blob and of its chunks.
  private func closure(of found: Located) throws(StoreError) -> [UInt64] {
    guard found.place.kind == .list else { return [found.hash] }
    let list: ChunkList
    do throws(StoreError) {
      list = try readList(found)
    } catch {
      // A damaged list is a miss by now.
      if error.code == .corrupt { return [] }
      throw error
    }
    recall(list, in: found.realm)
    return state.withLock { state in
      [found.hash] + list.entries.map { state.table.hash($0.digest, in: found.realm) }
    }
  }
}
