import LarderCore
import LarderMessages
import LarderWire

extension LarderClient {
  /// What a key names: content, all of which is here.
  public struct KeyedEntry: Sendable, Hashable {
    /// The content.
    public let digest: BlobDigest
    /// Its bytes.
    public let sizeBytes: Int64
    /// Further content without which that is of no use.
    public let needs: [BlobDigest]
    /// Seconds since 1970, UTC.
    public let writtenAt: Int64
    /// The user who wrote it, as the kernel named them to the daemon.
    public let writtenBy: UInt32?
    /// The realm that it is read from; nil for the client's own.
    public let realm: String?

    init(_ entry: KeyedMessage.Entry) {
      digest = BlobDigest(entry.digest)
      sizeBytes = entry.size.value
      needs = entry.needs.map { BlobDigest($0) }
      writtenAt = entry.writtenAt
      writtenBy = entry.writtenBy
      realm = entry.realm
    }
  }

  /// What a key names, such as what a build tool made for an input.
  ///
  /// Unlike a digest a key proves nothing: an entry is worth as much as who may write in its realm.
  ///
  /// - Parameters:
  ///   - key: 1 to 512 bytes without control characters.
  ///   - namespace: 1 to 64 ASCII letters, digits and `. _ - @ /`.
  /// - Returns: nil where there is no entry, where some of its content is not here any more, and
  ///   without a daemon. Nothing keeps the content from eviction.
  /// - Throws: `badRequest` for names that are none.
  public func entry(
    for key: String, in namespace: String
  ) async throws(ClientError) -> KeyedEntry? {
    let request = KeyedMessage.Request(op: .get, namespace: namespace, key: key)
    return try await reading(insteadOf: nil) { () async throws(ClientError) in
      do throws(ClientError) {
        let text = try await ask(
          .keyed, JSONBody.encode(request), JoinedReader(), silenceMax: options.readTimeout)
        return KeyedEntry(try JSONBody.decode(from: text, verb: .keyed))
      } catch {
        guard error.code == .notFound else { throw error }
        return nil
      }
    }
  }

  /// Lets a key name content; what it named before is forgotten.
  ///
  /// - Parameters:
  ///   - digest: content that is here.
  ///   - key: as for `entry`.
  ///   - namespace: as for `entry`.
  ///   - needs: up to 64 further blobs without which that is of no use.
  /// - Throws: `notFound` with the first digest that is not here as subject; without a daemon an
  ///   error whose `isUnavailable` is true.
  @discardableResult
  public func setEntry(
    _ digest: BlobDigest, for key: String, in namespace: String, needing needs: [BlobDigest] = []
  ) async throws(ClientError) -> KeyedEntry {
    KeyedEntry(
      try await control(
        .keyed,
        KeyedMessage.Request(
          op: .put, namespace: namespace, key: key, digest: digest.value,
          needs: needs.isEmpty ? nil : needs.map(\.value))))
  }

  /// Lets a key name nothing, if it named something.
  ///
  /// - Throws: without a daemon an error whose `isUnavailable` is true.
  public func removeEntry(for key: String, in namespace: String) async throws(ClientError) {
    let _: EmptyMessage = try await control(
      .keyed, KeyedMessage.Request(op: .remove, namespace: namespace, key: key))
  }
}
