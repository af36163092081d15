import LarderCore

/// What the store takes, against what it may take.
extension StoreState {
  /// How far the use lies above what it should be brought down to; zero where nothing is due.
  struct Excess: Equatable {
    var total: Int64 = 0
    var realms: [RealmID: Int64] = [:]

    var isNone: Bool { total <= 0 && realms.isEmpty }
  }

  func segmentBytes(of realm: RealmID) -> Int64 {
    segments.reduce(0) { $0 + ($1.segment.realm == realm ? $1.fileBytes : 0) }
  }

  func quota(of realm: RealmID, _ options: Store.Options) -> Int64 {
    (quotas[realm] ?? options.realmQuota ?? options.quota).value
  }

  /// What a collection has to free: for whatever is above its high watermark, down to the low one.
  func excess(_ options: Store.Options) -> Excess {
    func excess(_ used: Int64, of quota: Int64) -> Int64 {
      used > quota / 100 * Int64(options.highWatermark)
        ? used - quota / 100 * Int64(options.lowWatermark) : 0
    }
    var result = Excess(total: excess(diskBytes, of: options.quota.value))
    for realm in Set(segments.map(\.segment.realm)) {
      let bytes = excess(segmentBytes(of: realm), of: quota(of: realm, options))
      if bytes > 0 { result.realms[realm] = bytes }
    }
    return result
  }

  /// The segments that may go, oldest first: all of their records are indexed, and no put relies on
  /// them.
  func candidates(in realm: RealmID, _ options: Store.Options) -> [Int] {
    // Before that, what is used and held here is not known.
    guard isFilled else { return [] }
    return segments.indices.filter { slot in
      let item = segments[slot]
      let owner = item.segment.realm
      return owner == realm && item.phase != .open && !item.hasWaiting
        && !item.isUnrecorded && item.writers == 0 && !item.isClaimed
        && (!options.waitsForKept || holds.isKnown(owner))
    }.sorted { segments[$0].segment.id < segments[$1].segment.id }
  }

  /// Bytes that are leased or kept, by slot.
  func heldBytes() -> [Int: Int64] {
    var bytes: [Int: Int64] = [:]
    for hash in Set(holds.all) {
      guard let place = table.find(hash) else { continue }
      bytes[place.slot, default: 0] += Int64(place.recordLength)
    }
    return bytes
  }

  /// Claims the segment that can go at once: nothing in it is held, and the least was used.
  mutating func claimColdest(in realm: RealmID?, _ options: Store.Options) -> Int? {
    let held = heldBytes()
    for realm in realm.map({ [$0] }) ?? realmsByUse(options) {
      let slot = candidates(in: realm, options).filter { held[$0] == nil }
        .min { segments[$0].usedBytes < segments[$1].usedBytes }
      guard let slot else { continue }
      segments[slot].isClaimed = true
      return slot
    }
    return nil
  }

  /// Ends a claim whose segment stays.
  mutating func unclaim(_ slot: Int) {
    if segments.contains(slot) { segments[slot].isClaimed = false }
  }

  /// Claims the segment that costs least to empty, among the oldest quarter: a new one had no time
  /// to be used. nil where all are held for the greater part.
  mutating func claimVictim(in realm: RealmID?, _ options: Store.Options) -> Int? {
    let held = heldBytes()
    for realm in realm.map({ [$0] }) ?? realmsByUse(options) {
      if let slot = claimVictim(in: realm, held: held, options) { return slot }
    }
    return nil
  }

  private mutating func claimVictim(
    in realm: RealmID, held: [Int: Int64], _ options: Store.Options
  ) -> Int? {
    func survivors(_ slot: Int) -> Int64 {
      min(segments[slot].liveBytes, segments[slot].usedBytes + held[slot, default: 0])
    }
    let all = candidates(in: realm, options).filter {
      held[$0, default: 0] < segments[$0].fileBytes / 10 * 9
    }
    let oldest = all.prefix(max(1, all.count / 4))
    guard var slot = oldest.min(by: { survivors($0) < survivors($1) }) else { return nil }
    if survivors(slot) > segments[slot].fileBytes / 2 {
      // Nearly everything was used since the last time: all of it has to be used again to stay.
      clearUsed()
      slot = oldest.min { held[$0, default: 0] < held[$1, default: 0] } ?? slot
    }
    segments[slot].isClaimed = true
    return slot
  }

  /// The realms, the one first that has taken most of what it may take: it pays for the room that
  /// anybody needs, and the next only where all of its content is held.
  func realmsByUse(_ options: Store.Options) -> [RealmID] {
    func share(_ realm: RealmID) -> Double {
      Double(segmentBytes(of: realm)) / Double(quota(of: realm, options))
    }
    return Set(segments.map(\.segment.realm)).map { ($0, share($0)) }
      .sorted { ($0.1, $1.0) > ($1.1, $0.0) }.map(\.0)
  }

  /// Forgets every use: what is not used again before the next collection may go.
  mutating func clearUsed() {
    usePeriod &+= 1
    table.clearUsed()
    for slot in segments.indices { segments[slot].usedBytes = 0 }
  }
}
