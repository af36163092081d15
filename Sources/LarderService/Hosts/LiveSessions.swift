import LarderCore
import LarderFederation
import LarderRegistry

/// The sessions that INIT opened and that are not over, so that what they run is kept.
final class LiveSessions: Sendable {
  private struct Entry {
    let realm: RealmID
    weak var session: HostSession?
  }

  private struct State {
    var entries: [UInt64: Entry] = [:]
    var next: UInt64 = 0
  }

  private let state = Locked(State())

  /// A session that is listed for as long as anybody holds it.
  func open(_ host: HostFacts, in realm: RealmID) -> HostSession {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    let session = HostSession(host: host) { [weak self] in
      self?.state.withLock { _ = $0.entries.removeValue(forKey: number) }
    }
    state.withLock { $0.entries[number] = Entry(realm: realm, session: session) }
    return session
  }

  /// The releases of a remote that sessions use.
  func releases(of remote: RemoteName, in realm: RealmID) -> Set<ReleaseID> {
    Set(sessions(in: realm).compactMap { $0.release(of: remote.description)?.id })
  }

  /// The files of all releases that sessions use.
  func digests(in realm: RealmID) -> Set<Digest> {
    sessions(in: realm).reduce(into: []) { $0.formUnion($1.digests) }
  }

  private func sessions(in realm: RealmID) -> [HostSession] {
    state.withLock { state in
      state.entries.values.filter { $0.realm == realm }.compactMap(\.session)
    }
  }
}
