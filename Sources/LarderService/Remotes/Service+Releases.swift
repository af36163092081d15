import LarderCore
import LarderRegistry

extension Service {
  /// The release that a new use of a remote gets: what `current` points at, else the deploy that
  /// its origin describes.
  ///
  /// - Throws: `unknownRemote`, and what the origin's answer leads to where nothing is recorded.
  func release(
    of remote: RemoteName, in realm: RealmID
  ) async throws(ServiceError) -> RemoteRelease {
    let channels: [ChannelName: ReleaseID]
    do { channels = try await registry.channels(of: remote, in: realm) } catch {
      throw error.code == .notFound
        ? .unknownRemote(remote.description) : ServiceError(error)
    }
    if let id = channels[.current],
      let release = try await recorded.release(id, of: remote, in: realm, from: registry)
    {
      return .recorded(release)
    }
    let row = try await row(of: remote, in: realm)
    guard !row.urls.isEmpty else {
      throw ServiceError(
        .notFound, "'\(remote)' has no release and no origin",
        remedy: "publish one with 'larder publish \(remote) DIR'", subject: remote.description)
    }
    return .candidate(try await candidates.candidate(of: remote, at: row.urls, in: realm))
  }

  /// The realm that a remote's name leads a peer to: its own if the name is registered there, else
  /// the nearest parent's.
  func home(of remote: RemoteName, for peer: RealmCapability) async throws(ServiceError) -> RealmID
  {
    for realm in peer.readable.dropLast() {
      if try await ServiceError.mapping(await registry.remote(remote, in: realm)) != nil {
        return realm
      }
    }
    // Nobody else has it: whether this one does is for the caller to find.
    return peer.readable[peer.readable.count - 1]
  }

  /// The row of a remote that the peer may change.
  ///
  /// - Throws: `notPermitted` for one of a parent's, too; `unknownRemote`.
  func row(
    toChange remote: RemoteName, for peer: RealmCapability
  ) async throws(ServiceError) -> Remote {
    try peer.require(.publish, to: "change remotes")
    let row = try await row(of: remote, in: home(of: remote, for: peer))
    guard row.realm == peer.realm else {
      throw ServiceError(
        .notPermitted,
        "'\(remote)' is of realm '\(peer.name(of: row.realm))', which '\(peer.name)' only reads from",
        remedy: "register or publish a remote of that name in '\(peer.name)', to have it instead",
        subject: remote.description)
    }
    return row
  }

  /// The remote's row.
  ///
  /// - Throws: `unknownRemote`.
  func row(of remote: RemoteName, in realm: RealmID) async throws(ServiceError) -> Remote {
    let row = try await ServiceError.mapping(
      await registry.remote(remote, in: realm))
    guard let row else { throw ServiceError.unknownRemote(remote.description) }
    return row
  }

  /// A remote's name as a caller wrote it.
  ///
  /// - Throws: `badRequest` for none, and for what cannot be a name.
  func remoteName(_ text: String?) throws(ServiceError) -> RemoteName {
    guard let text else {
      throw ServiceError(.badRequest, "the member 'name' is missing", remedy: "name a remote")
    }
    do { return try RemoteName(checking: text) } catch { throw ServiceError(error) }
  }
}

extension ServiceError {
  /// Nobody registered a remote of that name.
  static func unknownRemote(_ name: String) -> ServiceError {
    ServiceError(
      .unknownRemote, "no remote named '\(name)' is registered",
      remedy:
        "register it with 'larder remote add \(name) URL'; 'larder remote list' shows the names",
      subject: name)
  }
}
