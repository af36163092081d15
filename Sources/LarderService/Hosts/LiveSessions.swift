import LarderCore
import LarderFederation
import LarderRegistry

/// The sessions that INIT opened and that are not over, so that what they run is kept.
final class LiveSessions: Sendable {
  private struct Entry {
    weak var session: HostSession?
  }

  private struct State {
    var entries: [UInt64: Entry] = [:]
    var next: UInt64 = 0
  }

  private let state = Locked(State())

  /// A session that is listed for as long as anybody holds it.
  func open(_ host: HostFacts) -> HostSession {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    let session = HostSession(host: host, isLasting: true) { [weak self] in
      self?.state.withLock { _ = $0.entries.removeValue(forKey: number) }
    }
    state.withLock { $0.entries[number] = Entry(session: session) }
    return session
  }

  /// The releases of a realm's remote that sessions use.
  func releases(of remote: RemoteName, in realm: RealmID) -> Set<ReleaseID> {
    Set(
      all.compactMap { session in
        session.release(of: remote.description).flatMap { $0.realm == realm ? $0.id : nil }
      })
  }

  /// The files of all releases of a realm that sessions use, its own hosts' or a child's.
  func digests(in realm: RealmID) -> Set<Digest> {
    all.reduce(into: []) { $0.formUnion($1.digests(in: realm)) }
  }

  /// How many are open.
  var count: Int { state.withLock { $0.entries.count } }

  private var all: [HostSession] {
    state.withLock { $0.entries.values.compactMap(\.session) }
  }
}
