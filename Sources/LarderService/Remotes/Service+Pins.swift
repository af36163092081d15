import LarderCore
package import LarderMessages
import LarderRegistry
import LarderStore

extension Service {
  /// The part of a realm's quota that its pins may name: what is pinned is never evicted, and three
  /// quarters leave room for what comes.
  static let pinnedShare: Int64 = 4

  /// PIN: keeps a release for good, once all of its files are here.
  ///
  /// - Throws: `unknownRemote`, `notFound`, `tooLarge` past the realm's budget, `corrupt` for a
  ///   file that is lost.
  package func pin(
    _ request: PinMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> PinMessage.List {
    if request.name == nil, request.release == nil { return try await pins(for: peer) }
    let (remote, id) = try await pinned(request, for: peer)
    let release = try await ServiceError.mapping(
      await registry.release(id, of: remote, in: peer.realm))
    let failures = await refetches.restore(release?.digests ?? [], in: [peer.realm])
    if let failure = failures.min(by: { $0.key < $1.key })?.value { throw failure }
    try await ServiceError.mapping(
      await registry.pin(id, of: remote, in: peer.realm, bytesMax: pinnedBytesMax(for: peer)))
    return try await pins(for: peer)
  }

  /// UNPIN: lets retention have a release again.
  package func unpin(
    _ request: PinMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> PinMessage.List {
    let (remote, id) = try await pinned(request, for: peer)
    try await ServiceError.mapping(await registry.unpin(id, of: remote, in: peer.realm))
    return try await pins(for: peer)
  }

  private func pins(for peer: RealmCapability) async throws(ServiceError) -> PinMessage.List {
    let pins = try await ServiceError.mapping(await registry.pins(in: peer.realm))
    return PinMessage.List(
      pins: pins.pins.map {
        PinMessage.Pin(
          name: $0.remote.description, release: $0.release.description, pinnedAt: $0.pinnedAt,
          bytes: $0.byteCount.value)
      },
      bytes: pins.byteCount.value, bytesMax: pinnedBytesMax(for: peer).value)
  }

  private func pinnedBytesMax(for peer: RealmCapability) -> ByteCount {
    ByteCount(content.store.space(of: peer.realm).quota.value / Self.pinnedShare)
  }

  /// The release that a request names, by its id or by a channel.
  private func pinned(
    _ request: PinMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> (remote: RemoteName, id: ReleaseID) {
    let remote = try remoteName(request.name)
    _ = try await row(toChange: remote, for: peer)
    if let id = request.release.flatMap(ReleaseID.init) { return (remote, id) }
    let channels = try await ServiceError.mapping(
      await registry.channels(of: remote, in: peer.realm))
    guard let channel = request.release.flatMap(ChannelName.init), let id = channels[channel] else {
      throw ServiceError(
        .notFound, "'\(remote)' has no release or channel '\(request.release?.prefix(80) ?? "")'",
        remedy: "'larder remote show \(remote)' lists both", subject: remote.description)
    }
    return (remote, id)
  }
}
