import LarderCore
package import LarderMessages
import LarderRegistry

extension Service {
  /// INIT: a session that begins with the releases that its host runs already, as far as they are
  /// kept.
  ///
  /// A host whose connection was lost goes on with the deploy whose entry it runs, whatever
  /// `current` names by now.
  /// - Throws: what the registry refuses; a release that is gone is left out of the answer instead.
  package func openSession(
    _ request: SessionMessage.Open, for peer: RealmCapability
  ) async throws(ServiceError) -> (session: HostSession, opened: SessionMessage.Opened) {
    let session = sessions.open(request.host)
    var kept: [String: String] = [:]
    for (name, text) in request.releases ?? [:] {
      guard let remote = RemoteName(name), let id = ReleaseID(text) else { continue }
      // One that is decoded already may have been dropped since.
      for realm in peer.readable {
        let row = try await ServiceError.mapping(
          await registry.release(id, of: remote, in: realm))
        guard let row else { continue }
        _ = session.keep(.recorded(try recorded.decoded(row, in: realm)), of: name)
        kept[name] = text
        break
      }
    }
    return (session, SessionMessage.Opened(session: request.session, releases: kept))
  }
}
