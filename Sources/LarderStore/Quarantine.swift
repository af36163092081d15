package import LarderCore

/// A record that failed its check and became a miss.
package struct QuarantinedBlob: Hashable, Sendable {
  package let digest: Digest
  package let realm: RealmID
  package let segment: UInt64
  package let offset: Int64
  /// On the clock that the store was opened with.
  package let at: ContinuousClock.Instant
  package let reason: String
  /// It is only a piece of large blobs: each of them becomes a miss when it is met.
  package let isPart: Bool
}

/// The last records that were quarantined, oldest first.
struct Quarantine: Sendable {
  private(set) var blobs: [QuarantinedBlob] = []

  /// Enough to tell a rotting disk from one bad spot; the statistics count all.
  private static let blobsMax = 256

  mutating func add(_ blob: QuarantinedBlob) {
    if blobs.count == Quarantine.blobsMax { blobs.removeFirst() }
    blobs.append(blob)
  }
}

extension Store {
  /// What was found damaged since the store was opened: the last 256 records.
  package var quarantine: [QuarantinedBlob] { state.withLock { $0.quarantine.blobs } }

  /// Has `body` called for each blob or chunk that fails its check, on the thread that met it; it
  /// must return at once.
  package func whenQuarantined(_ body: @escaping @Sendable (QuarantinedBlob) -> Void) {
    state.withLock { $0.whenQuarantined = body }
  }

  /// Makes a damaged record a miss, now and after a restart.
  ///
  /// - Returns: whether it was found until now.
  @discardableResult
  func drop(_ found: Located, because reason: String = "it fails its check") -> Bool {
    let blob = QuarantinedBlob(
      digest: found.digest, realm: found.realm, segment: found.segment.id,
      offset: found.place.offset, at: clock(), reason: reason,
      isPart: found.place.isPart)
    hot?.forget(found.digest, found.realm)
    let tell = state.withLock { state -> (@Sendable (QuarantinedBlob) -> Void)?? in
      guard state.forget(found, isDamaged: true) else { return nil }
      state.counters.corruptRecords += 1
      state.quarantine.add(blob)
      return .some(state.whenQuarantined)
    }
    guard let tell else { return false }
    tell?(blob)
    return true
  }
}
