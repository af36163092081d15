import LarderCore
import LarderWire

extension LarderClient {
  /// What became of a blob that was put.
  public struct StoredBlob: Sendable, Hashable {
    /// The blob's name, computed by the daemon from its bytes.
    public let digest: BlobDigest
    /// Bytes that the daemon stored.
    public let sizeBytes: Int64
    /// Whether the realm had it before.
    public let existed: Bool

    init(_ answer: PutAnswer) {
      digest = BlobDigest(answer.digest)
      sizeBytes = answer.size.value
      existed = answer.existed
    }
  }

  /// What a blob has survived when `put` returns.
  public enum Acknowledgement: Sendable {
    /// The daemon's death; a power cut within the next 100 ms or so may take it back.
    case accepted
    /// A power cut.
    case durable
  }

  /// Stores a blob that is in memory.
  ///
  /// - Parameters:
  ///   - bytes: 0 to 1 GiB.
  ///   - digest: what they have to hash to, if it is known.
  ///   - acknowledgement: what the blob has survived when this returns.
  /// - Throws: without a daemon an error whose `isUnavailable` is true: whether the blob was stored
  ///   is not known then, and putting it again does no harm. `integrityMismatch`, `tooLarge`,
  ///   `noSpace` and others that the daemon answers: nothing of it is kept.
  public func put(
    _ bytes: [UInt8], digest: BlobDigest? = nil, _ acknowledgement: Acknowledgement = .accepted
  ) async throws(ClientError) -> StoredBlob {
    let transfer = try PutTransfer(
      PutHead(acknowledgement, digest: digest, sizeBytes: Int64(bytes.count)),
      first: bytes.prefix(WireLimits.contentFrameBytes),
      isWhole: bytes.count <= WireLimits.contentFrameBytes, of: self)
    let result = await transfer.run { transfer in
      var rest = bytes.dropFirst(WireLimits.contentFrameBytes)
      while !rest.isEmpty {
        let piece = rest.prefix(WireLimits.contentFrameBytes)
        rest = rest.dropFirst(piece.count)
        guard await transfer.send(piece, isLast: rest.isEmpty) else { break }
      }
    }
    return StoredBlob(try result.get())
  }

  /// Stores a blob as it comes, in pieces of any sizes; at most one of 1 MiB waits here.
  ///
  /// - Parameters:
  ///   - content: the blob's bytes, 1 GiB at most. A PUT that stands still for 20 s is given up.
  ///   - sizeBytes: how many they are, 0 or more, if it is known. Only then nothing is kept of a blob whose
  ///     content ends early, by an error or by a cancellation: without it, what came until then
  ///     stays as a blob of its own until it is evicted.
  ///   - digest: what they have to hash to, if it is known; nothing else is kept then.
  ///   - acknowledgement: what the blob has survived when this returns.
  /// - Throws: what `content` throws; else `ClientError` as for bytes in memory, and `truncated`
  ///   for more or fewer than `sizeBytes`.
  public func put<Content: AsyncSequence>(
    _ content: Content, sizeBytes: Int64? = nil, digest: BlobDigest? = nil,
    _ acknowledgement: Acknowledgement = .accepted
  ) async throws -> StoredBlob where Content.Element: Collection<UInt8> {
    let transfer = try PutTransfer(
      PutHead(acknowledgement, digest: digest, sizeBytes: sizeBytes), first: [], isWhole: false,
      of: self)
    let result = try await transfer.run { transfer in
      for try await element in content {
        var rest = Array(element)[...]
        while !rest.isEmpty {
          let piece = rest.prefix(WireLimits.contentFrameBytes)
          rest = rest.dropFirst(piece.count)
          guard await transfer.send(piece, isLast: false) else { return }
        }
      }
      // A sequence ends early where its task is cancelled: that is not the end of the content.
      if !Task.isCancelled { _ = await transfer.send([], isLast: true) }
    }
    return StoredBlob(try result.get())
  }
}

extension PutHead {
  fileprivate init(
    _ acknowledgement: LarderClient.Acknowledgement, digest: BlobDigest?, sizeBytes: Int64?
  ) {
    precondition(sizeBytes ?? 0 >= 0, "a blob has no bytes or more")
    self.init(
      ack: acknowledgement == .durable ? .durable : .accepted, digest: digest?.value,
      size: sizeBytes.map { ByteCount($0) })
  }
}
