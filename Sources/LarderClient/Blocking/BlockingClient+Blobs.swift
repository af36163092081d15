package import LarderCore
package import LarderWire

extension BlockingClient {
  /// Asks whether the daemon answers at all; touches no store.
  package func ping() throws(ClientError) {
    let sent: [UInt8] = [1, 2, 3, 4]
    guard try exchange(.ping, body: sent) == sent else {
      throw ClientError(WireError(.malformedFrame, "PING came back with other bytes"))
    }
  }

  /// Which of these blobs are present, in their order; any number of them, in several requests.
  package func has(_ digests: [Digest]) throws(ClientError) -> [Bool] {
    var answers: [Bool] = []
    answers.reserveCapacity(digests.count)
    for part in digests.parts(of: WireLimits.digestsMax) {
      let reply = try exchange(.has, body: HasBody.encode(part))
      answers += try HasAnswer.decode(reply, count: part.count)
    }
    return answers
  }

  /// Streams blobs or ranges of them, in the order asked for; any number, in several requests.
  ///
  /// `body` gets the item's place in `items`, its head and its next bytes, at most 4 MiB that are
  /// lent for the time of the call. An item that is absent, corrupt or out of range gets one call
  /// without bytes: what came for it before is void. Memory is bounded by one frame.
  package func get(
    _ items: [GetItem],
    _ body: (Int, GetItemHead, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) {
    for part in items.parts(of: WireLimits.digestsMax) {
      let id = try begin(.get)
      try send(.get, [], id: id, body: GetBody(part, as: .bytes).encode())
      var progress = GetProgress(items: part)
      try receive(id) { (frame, bytes) throws(ClientError) in
        do throws(WireError) {
          let head = try GetItemHead(decoding: bytes)
          let content = UnsafeRawBufferPointer(rebasing: bytes[GetItemHead.byteCount...])
          try progress.take(head, bytes: content.count, isLast: frame.isLast)
        } catch {
          throw giveUp(ClientError(error))
        }
        let content = UnsafeRawBufferPointer(rebasing: bytes[GetItemHead.byteCount...])
        try body(part.startIndex + progress.item, progress.head, content)
      }
    }
  }

  /// One blob whole, in memory.
  ///
  /// - Throws: `notFound`, `corrupt`.
  package func get(_ digest: Digest) throws(ClientError) -> [UInt8] {
    var bytes: [UInt8] = []
    try get(digest) { (content) throws(ClientError) in bytes.append(contentsOf: content) }
    return bytes
  }

  /// Streams one blob in pieces of at most 4 MiB.
  ///
  /// - Throws: `notFound`, `corrupt`: then the pieces that came are void.
  package func get(
    _ digest: Digest, _ body: (UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) {
    try get([GetItem(digest)]) { (_, head, bytes) throws(ClientError) in
      switch head.status {
      case .found: try body(bytes)
      case .absent:
        throw ClientError(
          code: .notFound, message: "no blob \(digest) in realm '\(realm)'", subject: digest.hex)
      case .corrupt:
        throw ClientError(
          code: .corrupt, message: "the stored bytes of blob \(digest) failed their check",
          remedy: "put or fetch it again", subject: digest.hex)
      case .outOfRange:
        throw ClientError(WireError(.malformedFrame, "a whole blob was out of range"))
      }
    }
  }
}
