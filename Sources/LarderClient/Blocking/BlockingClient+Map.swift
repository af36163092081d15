import LarderCore
import LarderPlatform
package import LarderWire

extension BlockingClient {
  /// Takes blobs as memory that is shared with the daemon, in the order asked for.
  ///
  /// - Returns: nil for a blob that is not there.
  /// - Throws: `corrupt` for one that failed its check.
  public func map(_ digests: [BlobDigest]) throws(ClientError) -> [MappedBlob?] {
    try map(digests.map { GetItem($0.value) }).enumerated().map {
      (number, answer) throws(ClientError) in
      switch answer.status {
      case .found: return answer.blob
      case .absent: return nil
      case .corrupt, .outOfRange:
        throw ClientError(
          code: .corrupt,
          message: "the stored bytes of blob \(digests[number].value) failed their check",
          remedy: "put or fetch it again", subject: digests[number].value.hex)
      }
    }
  }

  /// Takes blobs, or ranges of them, as shared memory; any number, in several requests.
  package func map(
    _ items: [GetItem]
  ) throws(ClientError) -> [(status: GetItemStatus, blob: MappedBlob)] {
    var answers: [(status: GetItemStatus, blob: MappedBlob)] = []
    for part in items.parts(of: WireLimits.digestsMax) {
      let id = try begin(.get)
      try send(.get, [], id: id, body: GetBody(part, as: .places).encode())
      var reader = PlacesReader(items: part)
      try receive(id) { (frame, bytes) throws(ClientError) in
        do throws(WireError) { try reader.take(frame, bytes, slabs: slabs) } catch {
          throw giveUp(ClientError(error))
        }
      }
      answers += reader.answers
    }
    try dropIdle()
    return answers
  }

  /// Maps the slabs that a SLABS frame names.
  func take(slabs bytes: UnsafeRawBufferPointer) throws(ClientError) {
    let notices: [SlabNotice]
    do { notices = try SlabNotice.decode(bytes) } catch { throw giveUp(ClientError(error)) }
    for notice in notices {
      let isThere: Bool
      do {
        isThere = try slabs.add(notice.slab, byteCount: notice.slabBytes)
      } catch {
        throw giveUp(ClientError(error))
      }
      guard isThere else {
        throw giveUp(
          ClientError(
            WireError(.malformedFrame, "slab \(notice.slab) came without its descriptor")))
      }
    }
  }

  /// Gives back what nobody uses, once there is much of it.
  private func dropIdle() throws(ClientError) {
    for part in slabs.takeIdle().parts(of: WireLimits.slabsMax) {
      _ = try exchange(.drop, body: DropBody.encode(part))
    }
  }
}
