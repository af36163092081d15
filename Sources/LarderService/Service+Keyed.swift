import LarderCore
package import LarderMessages
import LarderRegistry

extension Service {
  /// KEYED get: the entry of a key, in the peer's realm or else its nearest parent, all of whose
  /// content is here. One that lost some is none.
  ///
  /// - Parameter deliver: takes its content; nil where only the entry is wanted.
  /// - Throws: `badRequest`, `notFound`.
  package func entry(
    _ request: KeyedMessage.Request, for peer: RealmCapability, deliver: Delivery?
  ) async throws(ServiceError) -> KeyedMessage.Entry {
    for realm in peer.readable {
      let key = try entryKey(request, in: realm)
      guard let entry = try await ServiceError.mapping(await registry.entry(key)) else { continue }
      guard isWhole(entry, for: peer) else { continue }
      try await send(entry.blob, for: peer, to: deliver)
      return KeyedMessage.Entry(entry, realm: realm == peer.realm ? nil : peer.name(of: realm))
    }
    throw ServiceError(
      .notFound, "namespace '\(request.namespace)' has no entry '\(request.key)'",
      remedy: "make it again, and put it", subject: request.key)
  }

  /// KEYED put: has a key of the peer's own realm name content that is here, whatever it named
  /// before.
  ///
  /// - Throws: `notPermitted`, `badRequest`; `notFound` for content that the peer cannot read.
  package func putEntry(
    _ request: KeyedMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> KeyedMessage.Entry {
    try peer.require(.write, to: "write entries")
    let key = try entryKey(request, in: peer.realm)
    guard let digest = request.digest else {
      throw ServiceError(.badRequest, "KEYED put: the member 'digest' is missing")
    }
    let needs = request.needs ?? []
    let blobs = try ([digest] + needs).map { (digest) throws(ServiceError) -> BlobStat in
      guard let blob = stat(digest, for: peer) else {
        throw ServiceError(
          .notFound, "blob \(digest) of entry '\(request.key)' is not here",
          remedy: "PUT it first", subject: digest.hex)
      }
      return blob
    }
    let now = registry.now()
    let entry = KeyedEntry(
      key: key, blob: blobs[0], needs: needs, writtenAt: now, writtenBy: peer.user, usedAt: now)
    try await ServiceError.mapping(await registry.put(entry))
    return KeyedMessage.Entry(entry)
  }

  /// KEYED remove: of the peer's own realm; a parent's may come to light then.
  package func removeEntry(
    _ request: KeyedMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) {
    try peer.require(.write, to: "remove entries")
    let key = try entryKey(request, in: peer.realm)
    try await ServiceError.mapping(await registry.removeEntry(key))
  }

  private func isWhole(_ entry: KeyedEntry, for peer: RealmCapability) -> Bool {
    // Each look marks its blob as used: what belongs together stays together.
    var isWhole = true
    for digest in [entry.blob.digest] + entry.needs where stat(digest, for: peer) == nil {
      isWhole = false
    }
    return isWhole
  }

  private func entryKey(
    _ request: KeyedMessage.Request, in realm: RealmID
  ) throws(ServiceError) -> EntryKey {
    guard let namespace = NamespaceName(request.namespace) else {
      throw ServiceError(
        .badRequest, "'\(request.namespace.prefix(80))' is not a namespace's name",
        remedy: "use 1 to 64 letters, digits and . _ - @ /", subject: request.namespace)
    }
    guard let key = EntryKey(realm: realm, namespace: namespace, key: request.key) else {
      throw ServiceError(
        .badRequest,
        "a key has 1 to \(EntryKey.bytesMax) bytes without control characters, not \(request.key.utf8.count)",
        remedy: "hash what is longer, or binary", subject: namespace.description)
    }
    return key
  }
}

extension KeyedMessage.Entry {
  fileprivate init(_ entry: KeyedEntry, realm: String? = nil) {
    self.init(
      digest: entry.blob.digest, size: entry.blob.size, needs: entry.needs,
      writtenAt: entry.writtenAt, writtenBy: entry.writtenBy, realm: realm)
  }
}
