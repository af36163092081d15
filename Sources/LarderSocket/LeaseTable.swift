import LarderCore
import LarderStore

/// The leases of one connection that end with it.
final class LeaseTable: Sendable {
  /// nil once the connection has ended.
  private let leases = Locked<[UInt64: Lease]?>([:])

  /// Keeps a lease until it is removed or the connection ends; it ends at once if that has ended.
  func add(_ lease: Lease) {
    let isKept = leases.withLock { leases in
      leases?[lease.number] = lease
      return leases != nil
    }
    if !isKept { lease.release() }
  }

  /// Ends a lease; false if it is not of this connection.
  func release(_ number: UInt64) -> Bool {
    let lease = leases.withLock { $0?.removeValue(forKey: number) }
    lease?.release()
    return lease != nil
  }

  /// Ends all of them, and those to come.
  func end() {
    let ended = leases.withLock { leases in
      defer { leases = nil }
      return leases ?? [:]
    }
    for lease in ended.values { lease.release() }
  }
}
