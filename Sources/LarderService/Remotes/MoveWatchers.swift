import LarderCore
import LarderRegistry

/// Those who wait for a channel of a remote to move: each has a signal that its remotes' commits
/// raise, and looks for itself what they did.
///
/// A wait is a suspended task: it costs no thread, and nothing is asked while nothing is committed.
final class MoveWatchers: Sendable {
  /// Waits of one realm: four for each connection that the socket takes, so that at 256 remotes
  /// each they come to some 50 MiB.
  static let waitsMax = 1024

  /// One wait. Its signal is raised from the start, so that nothing is lost before the first look.
  struct Wait: Sendable {
    let moves: AsyncStream<Void>
    fileprivate let realms: [RealmID]
    fileprivate let number: UInt64
  }

  private struct Waiting {
    /// Whose wait it is.
    let realm: RealmID
    let remotes: Set<RemoteName>
    let signal: AsyncStream<Void>.Continuation
  }

  private struct State {
    var waits: [RealmID: [UInt64: Waiting]] = [:]
    var next: UInt64 = 0
    var isOver = false

    /// Waits that a realm's own peers began.
    func count(of realm: RealmID) -> Int {
      waits[realm]?.values.count { $0.realm == realm } ?? 0
    }
  }

  private let state = Locked(State())

  /// Begins a wait, which `leave` ends.
  ///
  /// - Parameter realms: where the remotes may be registered; the first is whose wait it is.
  /// - Throws: `busy` past `waitsMax`. After `end` its moves are over at once.
  func join(_ remotes: Set<RemoteName>, in realms: [RealmID]) throws(ServiceError) -> Wait {
    // One signal says as much as many.
    let (moves, signal) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let (number, isOver) = state.withLock { state -> (UInt64?, Bool) in
      if state.isOver { return (0, true) }
      guard let own = realms.first, state.count(of: own) < Self.waitsMax else {
        return (nil, false)
      }
      state.next += 1
      for realm in realms {
        state.waits[realm, default: [:]][state.next] = Waiting(
          realm: own, remotes: remotes, signal: signal)
      }
      return (state.next, false)
    }
    guard let number else {
      throw ServiceError(
        .busy, "\(Self.waitsMax) requests of this realm wait for a move",
        remedy: "watch several remotes with one request")
    }
    if isOver { signal.finish() } else { signal.yield() }
    return Wait(moves: moves, realms: realms, number: number)
  }

  /// Ends a wait; what was raised before is still to be had.
  func leave(_ wait: Wait) {
    let left = state.withLock { state in
      wait.realms.compactMap { realm in
        let left = state.waits[realm]?.removeValue(forKey: wait.number)
        if state.waits[realm]?.isEmpty == true { state.waits[realm] = nil }
        return left
      }
    }
    for waiting in left { waiting.signal.finish() }
  }

  /// Wakes those who wait for this remote.
  func wake(_ remote: RemoteName, in realm: RealmID) {
    let woken = state.withLock { state in
      state.waits[realm, default: [:]].values.filter { $0.remotes.contains(remote) }
    }
    for waiting in woken { waiting.signal.yield() }
  }

  /// Ends all waits, and those to come.
  func end() {
    let all = state.withLock { state in
      state.isOver = true
      return state.waits.values.flatMap(\.values)
    }
    for waiting in all { waiting.signal.finish() }
  }

  /// How many wait.
  func count(in realm: RealmID) -> Int { state.withLock { $0.count(of: realm) } }
}
