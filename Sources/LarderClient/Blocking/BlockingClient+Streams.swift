package import LarderCore
package import LarderMessages
import LarderWire

extension BlockingClient {
  /// Makes a URL present; with `request.bytes`, streams its content to `body` first.
  ///
  /// - Parameter body: gets pieces of at most 4 MiB, lent for the time of the call.
  /// - Throws: what the daemon answers; the pieces that came are void then.
  package func ensure(
    _ request: EnsureMessage.Request,
    _ body: (UnsafeRawBufferPointer) throws(ClientError) -> Void = { _ in }
  ) throws(ClientError) -> EnsureMessage.Reply {
    let id = try begin(.ensure)
    try send(.ensure, [], id: id, body: JSONBody.encode(request))
    var text: [UInt8] = []
    try receive(id) { (frame, bytes) throws(ClientError) in
      if frame.isData { try body(bytes) } else { text.append(contentsOf: bytes) }
    }
    return try JSONBody.decode(EnsureMessage.Reply.self, from: text, verb: .ensure)
  }

  /// Takes a plan, or single files, and the bytes of their blobs in one reply.
  ///
  /// - Parameter body: gets each blob in the order of the head, in pieces of at most 4 MiB; the
  ///   head is known by then.
  /// - Throws: what the daemon answers; what came before is void then.
  package func open(
    _ request: OpenMessage.Request,
    _ body: (OpenMessage.Head, BlobStat, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) -> OpenMessage.Head {
    let id = try begin(.open)
    try send(.open, [], id: id, body: JSONBody.encode(request))
    var reader = OpenReader()
    func head(_ text: [UInt8]) throws(ClientError) -> OpenMessage.Head {
      try JSONBody.decode(OpenMessage.Head.self, from: text, verb: .open)
    }
    try receive(id) { (_, bytes) throws(ClientError) in
      try reader.take(bytes, decode: head, body)
    }
    guard let head = reader.head, reader.isWhole else {
      throw ClientError(WireError(.truncated, "OPEN's reply ended within its blobs"))
    }
    return head
  }
}
