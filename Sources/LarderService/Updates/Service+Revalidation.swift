import LarderCore
import LarderRegistry
import Logging

extension Service {
  /// Lays down where remotes of a realm come from, before anybody asks for them; no origin is asked.
  ///
  /// - Parameter remotes: base URLs by name.
  /// - Throws: `notPermitted`, `badRequest` for what is no name or URL.
  package func lay(
    down remotes: [String: [String]], for peer: RealmCapability
  ) async throws(ServiceError) {
    try peer.require(.publish, to: "lay down remotes")
    for (name, urls) in remotes.sorted(by: { $0.key < $1.key }) {
      let remote = try remoteName(name)
      let existing = try await ServiceError.mapping(await registry.remote(remote, in: peer.realm))
      guard existing?.urls != urls else { continue }
      let row = try await ServiceError.mapping(
        existing == nil
          ? await registry.addRemote(remote, urls: urls, in: peer.realm)
          : await registry.updateURLs(urls, of: remote, in: peer.realm))
      // What other URLs described is nothing that the remote has.
      await candidates.drop(remote, in: peer.realm)
      try await schedule(row, every: nil)
    }
  }

  /// Ends what is done behind answers, and waits for it: before the registry is closed, and after the
  /// fetcher was shut down, so that nothing takes long.
  package func end() async { await revalidations.end() }

  /// Has a remote's origin asked for a new deploy, if its last word is older than it may be, and waits
  /// for what comes of it, a while at most. Whatever goes wrong, what is here stays.
  ///
  /// A remote that has no release yet is not asked for: whoever needs one fetches it.
  package func revalidate(
    _ name: String, within freshness: Freshness, for peer: RealmCapability
  ) async {
    guard let remote = RemoteName(name) else { return }
    let subject = UpdateSchedule.Subject(realm: peer.realm, remote: remote)
    await revalidations.revalidate(subject, within: freshness) {
      do throws(ServiceError) {
        let current = try await ServiceError.mapping(
          await self.registry.currentRelease(of: remote, in: peer.realm))
        guard current != nil else { return true }
        await self.updates.note(.success(try await self.updateUnasked(subject)), of: subject)
        return true
      } catch {
        await self.updates.note(.failure(error), of: subject)
        self.log.warning(
          "an origin was not heard; its last release goes on",
          metadata: ["remote": "\(remote)", "reason": "\(error)"])
        return false
      }
    }
  }
}
