package import LarderCore

extension Store {
  /// Keeps blobs, and the chunks of large ones, from eviction until the lease is released or nobody
  /// holds it any more.
  ///
  /// - Parameters:
  ///   - digests: at most `leasedBlobsMax`.
  ///   - realms: where they may be; the first has the budget.
  /// - Throws: `notFound` where one of them is not there; `tooLarge`, or `busy` while others are
  ///   leased, where the realm's budget (`leasedBytesMax`, `leasesMax`) does not allow it. Then
  ///   none is leased.
  package func lease(_ digests: [Digest], in realms: [RealmID]) throws(StoreError) -> Lease {
    let (number, byteCount) = try begin(digests, in: realms, until: .holder)
    return Lease(store: self, number: number, byteCount: byteCount)
  }

  /// As above, until a time has passed, whoever goes away.
  ///
  /// - Parameters:
  ///   - life: cut off at `leaseLifeMax`.
  ///   - user: who alone may end it before; nil for nobody in particular.
  package func lease(
    _ digests: [Digest], in realms: [RealmID], for life: Duration, user: UInt32? = nil
  ) throws(StoreError) -> TimedLease {
    let life = min(life, Options.leaseLifeMax)
    let (number, byteCount) = try begin(
      digests, in: realms, until: .time(clock() + life, user: user))
    return TimedLease(number: number, life: life, byteCount: byteCount)
  }

  /// Ends a lease by time before its time.
  ///
  /// - Returns: false unless a lease of that number runs that was taken in this realm by this user.
  package func endLease(_ number: UInt64, in realm: RealmID, user: UInt32? = nil) -> Bool {
    state.withLock { state in
      state.leases.expire(at: clock(), in: &state.holds)
      return state.leases.end(number, in: realm, of: user, in: &state.holds)
    }
  }

  /// Holds blobs, and the chunks of large ones, until the lease is released: for what the daemon
  /// itself is about, which no budget bounds.
  ///
  /// - Throws: `notFound` where one of them is not there; then none is held.
  package func hold(_ digests: some Sequence<Digest>, in realm: RealmID) throws(StoreError) -> Lease
  {
    let (number, byteCount) = try begin(digests, in: [realm], until: .work)
    return Lease(store: self, number: number, byteCount: byteCount)
  }

  /// All of them, or none.
  private func begin(
    _ digests: some Sequence<Digest>, in realms: [RealmID], until term: LeaseBook.Term
  ) throws(StoreError) -> (number: UInt64, byteCount: ByteCount) {
    guard let realm = realms.first else { preconditionFailure("a lease is somebody's") }
    var seen: Set<Digest> = []
    var hashes: [UInt64] = []
    var size: Int64 = 0
    for digest in digests where seen.insert(digest).inserted {
      guard let found = find(digest, in: realms) else { throw Store.notThere(digest) }
      let closure = try closure(of: found)
      if closure.isEmpty { throw Store.notThere(digest) }
      hashes += closure
      size += found.place.size
    }
    let entry = LeaseBook.Entry(realm: realm, hashes: hashes, byteCount: size, term: term)
    if entry.isBudgeted { try checkLease(of: seen.count, byteCount: size) }
    let outcome = state.withLock { state -> Result<UInt64, StoreError> in
      state.leases.expire(at: clock(), in: &state.holds)
      guard !entry.isBudgeted || state.leases.allow(entry, options) else {
        return .failure(leasedOut(size))
      }
      // What was evicted since it was looked up cannot be held any more.
      guard entry.hashes.allSatisfy({ state.table.find($0) != nil }) else {
        return .failure(
          StoreError(.notFound, "a blob was evicted in this moment", remedy: "put it again"))
      }
      return .success(state.leases.begin(entry, in: &state.holds))
    }
    return (try outcome.get(), ByteCount(size))
  }

  /// Refuses what no realm can lease, whatever else is leased.
  private func checkLease(of count: Int, byteCount: Int64) throws(StoreError) {
    guard count <= Options.leasedBlobsMax else {
      throw StoreError(
        .tooLarge, "a lease names at most \(Options.leasedBlobsMax) blobs, not \(count)",
        remedy: "take several leases")
    }
    guard byteCount <= options.leasedBytesMax.value else {
      throw StoreError(
        .tooLarge,
        "\(ByteCount(byteCount)) are more than a realm may lease: \(options.leasedBytesMax)",
        remedy: "lease less, or pin the release")
    }
  }

  private func leasedOut(_ size: Int64) -> StoreError {
    StoreError(
      .busy,
      "\(ByteCount(size)) more would exceed what a realm may lease: \(options.leasedBytesMax) in \(Options.leasesMax) leases",
      remedy: "release a lease first")
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
