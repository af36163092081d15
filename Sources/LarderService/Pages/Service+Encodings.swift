import Crypto
package import LarderCoding
package import LarderCore
import LarderRegistry
import LarderStore
import Logging

extension Service {
  /// Where encoded content is written down: in the peer's realm, by coding and by what was encoded.
  private static let encodings = "larder/content-coding"

  /// Stored content in a coding: made the first time, and kept in the store for as long as it is
  /// used.
  ///
  /// - Returns: `plain` also where it cannot be read or kept; whoever reads the content itself then
  ///   is told why.
  package func encoded(
    _ stat: BlobStat, as coding: ContentCoding, for peer: RealmCapability
  ) async -> EncodedContent {
    let key = Encodings.Key(realm: peer.realm, digest: stat.digest, coding: coding)
    if let made = encodings.content(key) {
      guard case .stored(let kept) = made, self.stat(kept.digest, for: peer) == nil else {
        return made
      }
      encodings.forget(key)
    }
    guard stat.size.value <= Int64(ContentCoding.sourceBytesMax) else { return .plain }
    return await encodings.content(key) {
      do throws(ServiceError) {
        let source = try await self.wholeBlob(stat.digest, for: peer)
        if let kept = try await self.keptEncoding(of: source, key, for: peer) { return kept }
        guard let bytes = try await self.encoding(of: source, as: coding) else { return .plain }
        return try await self.keep(bytes, key, for: peer)
      } catch {
        self.log.warning(
          "content is sent without coding",
          metadata: ["reason": "\(error)", "blob": "\(stat.digest)"])
        return .plain
      }
    }
  }

  /// What was made for an answer in a coding; kept in memory alone.
  package func encoded(
    _ source: [UInt8], _ digest: LarderCore.Digest, as coding: ContentCoding,
    for peer: RealmCapability
  ) async -> EncodedContent {
    let key = Encodings.Key(realm: peer.realm, digest: digest, coding: coding)
    if let made = encodings.content(key) { return made }
    return await encodings.content(key) {
      // Without it the content is as good.
      guard let bytes = try? await self.encoding(of: source, as: coding) else { return .plain }
      return Self.inMemory(bytes)
    }
  }

  /// Nil where it saves too little.
  private func encoding(
    of source: [UInt8], as coding: ContentCoding
  ) async throws(ServiceError) -> [UInt8]? {
    try await content.compute { () throws(ServiceError) -> [UInt8]? in
      guard let bytes = coding.encoded(source),
        Encodings.isWorthwhile(bytes.count, of: source.count)
      else { return nil }
      return bytes
    }
  }

  /// What an earlier daemon kept, if it is what it says: whoever may write to the realm could have
  /// written the entry.
  private func keptEncoding(
    of source: [UInt8], _ key: Encodings.Key, for peer: RealmCapability
  ) async throws(ServiceError) -> EncodedContent? {
    guard let entryKey = Self.entryKey(key),
      let entry = try await ServiceError.mapping(await registry.entry(entryKey)),
      stat(entry.blob.digest, for: peer) != nil,
      entry.blob.size.value <= Int64(source.count)
    else { return nil }
    let bytes = try await content.read(entry.blob.digest, in: peer.readable)
    let isSource = try await content.compute { () throws(ServiceError) -> Bool in
      key.coding.decoded(bytes, size: source.count) == source
    }
    return isSource ? .stored(entry.blob) : nil
  }

  private func keep(
    _ bytes: [UInt8], _ key: Encodings.Key, for peer: RealmCapability
  ) async throws(ServiceError) -> EncodedContent {
    guard let entryKey = Self.entryKey(key) else { return Self.inMemory(bytes) }
    do throws(ServiceError) {
      let stat = try await content.run { (store) throws(StoreError) in
        let ingest = try store.beginPut(realm: key.realm)
        try bytes.withUnsafeBufferPointer { (buffer) throws(StoreError) in
          try ingest.append(UnsafeRawBufferPointer(buffer))
        }
        let put = try ingest.finish(ack: .accepted)
        return BlobStat(digest: put.digest, size: put.size)
      }
      let now = registry.now()
      try await ServiceError.mapping(
        await registry.put(
          KeyedEntry(
            key: entryKey, blob: stat, needs: [], writtenAt: now, writtenBy: nil, usedAt: now)))
      return .stored(stat)
    } catch {
      // A full store has no room for what can be made again; memory may have some.
      log.info("an encoding is kept in memory", metadata: ["reason": "\(error)"])
      return Self.inMemory(bytes)
    }
  }

  private static func entryKey(_ key: Encodings.Key) -> EntryKey? {
    guard let namespace = NamespaceName(encodings) else { return nil }
    return EntryKey(
      realm: key.realm, namespace: namespace, key: "\(key.coding.rawValue) \(key.digest.hex)")
  }

  private static func inMemory(_ bytes: [UInt8]) -> EncodedContent {
    guard let digest = LarderCore.Digest(Array(SHA256.hash(data: bytes))) else { return .plain }
    return .bytes(bytes, digest)
  }
}
