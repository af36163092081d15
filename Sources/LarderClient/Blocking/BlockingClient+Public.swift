import LarderCore
import LarderWire

extension BlockingClient {
  /// What became of a blob that was put.
  public struct StoredBlob: Sendable, Hashable {
    /// The blob's name, computed by the daemon from its bytes.
    public let digest: BlobDigest
    /// Bytes that the daemon stored.
    public let sizeBytes: Int64
    /// Whether the realm had it before.
    public let existed: Bool
  }

  /// Whether a blob survives a power cut once `put` has returned, or only the daemon's death.
  public enum Acknowledgement: Sendable {
    case accepted, durable
  }

  /// Which of these blobs are present, in their order.
  public func has(_ digests: [BlobDigest]) throws(ClientError) -> [Bool] {
    try has(digests.map(\.value))
  }

  /// Streams one blob in pieces of at most 4 MiB, each lent for the time of a call of `body`.
  ///
  /// - Throws: `notFound`; `corrupt`, and then the pieces that came are void. An error of `body`
  ///   in the middle of the blob ends the connection.
  public func get(
    _ digest: BlobDigest, _ body: (UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) {
    try get(digest.value, body)
  }

  /// Streams a blob to the daemon; memory is bounded by one piece of 1 MiB.
  ///
  /// - Parameters:
  ///   - sizeBytes: how many bytes there are, if it is known; not negative.
  ///   - read: fills a part of the buffer and returns how much, 0 at the end. An error that it
  ///     throws ends the connection.
  public func put(
    _ acknowledgement: Acknowledgement, sizeBytes: Int64? = nil,
    reading read: (UnsafeMutableRawBufferPointer) throws(ClientError) -> Int
  ) throws(ClientError) -> StoredBlob {
    let answer = try put(
      ack: acknowledgement == .durable ? .durable : .accepted,
      size: sizeBytes.map { ByteCount($0) }, reading: read)
    return StoredBlob(
      digest: BlobDigest(answer.digest), sizeBytes: answer.size.value, existed: answer.existed)
  }
}
