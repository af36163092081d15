package import LarderCore
package import LarderMessages
import LarderWire

extension LarderClient {
  /// Makes a URL present; with `request.bytes`, streams its content to `body` first.
  ///
  /// - Parameter body: gets pieces of at most 4 MiB, lent for the time of the call.
  /// - Throws: what the daemon answers; the pieces that came are void then.
  package func ensure(
    _ request: EnsureMessage.Request,
    _ body: (UnsafeRawBufferPointer) throws(ClientError) -> Void = { _ in }
  ) throws(ClientError) -> EnsureMessage.Reply {
    let id = try begin(.ensure)
    try send(.ensure, [], id: id, body: encode(request))
    var text: [UInt8] = []
    try receive(id) { (frame, bytes) throws(ClientError) in
      if frame.isData { try body(bytes) } else { text.append(contentsOf: bytes) }
    }
    return try decode(EnsureMessage.Reply.self, from: text, verb: .ensure)
  }

  /// Takes a plan, or single files, and the bytes of their blobs in one reply.
  ///
  /// - Parameter body: gets each blob in the order of the head, in pieces of at most 4 MiB; the head
  ///   is known by then.
  /// - Throws: what the daemon answers; what came before is void then.
  package func open(
    _ request: OpenMessage.Request,
    _ body: (OpenMessage.Head, BlobStat, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) -> OpenMessage.Head {
    let id = try begin(.open)
    try send(.open, [], id: id, body: encode(request))
    var reader = OpenReader()
    try receive(id) { (_, bytes) throws(ClientError) in
      try reader.take(bytes, decode: { (text) throws(ClientError) in
        try decode(OpenMessage.Head.self, from: text, verb: .open)
      }, body)
    }
    guard let head = reader.head, reader.isWhole else {
      throw ClientError(WireError(.truncated, "OPEN's reply ended within its blobs"))
    }
    return head
  }
}

/// Takes the joined frames of an OPEN reply apart again.
private struct OpenReader {
  private(set) var head: OpenMessage.Head?
  private var text: [UInt8] = []
  private var blob = 0
  private var received: Int64 = 0

  var isWhole: Bool { head.map { blob == $0.blobs.count } ?? false }

  mutating func take(
    _ bytes: UnsafeRawBufferPointer,
    decode: ([UInt8]) throws(ClientError) -> OpenMessage.Head,
    _ body: (OpenMessage.Head, BlobStat, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) {
    var rest = bytes
    if head == nil {
      text.append(contentsOf: rest)
      guard text.count >= OpenHead.byteCount else { return }
      let length: Int
      do throws(WireError) {
        length = try text.withUnsafeBufferPointer { (all) throws(WireError) in
          try OpenHead.decode(UnsafeRawBufferPointer(all))
        }
      } catch { throw ClientError(error) }
      let end = OpenHead.byteCount + length
      guard text.count >= end else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[(rest.count - (text.count - end))...])
      head = try decode(Array(text[OpenHead.byteCount..<end]))
      text = []
    }
    guard let head else { return }
    while blob < head.blobs.count, !rest.isEmpty || head.blobs[blob].size.value == received {
      let stat = head.blobs[blob]
      let count = Int(min(Int64(rest.count), stat.size.value - received))
      try body(head, stat, UnsafeRawBufferPointer(rebasing: rest[..<count]))
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      received += Int64(count)
      if received == stat.size.value { (blob, received) = (blob + 1, 0) }
    }
    if blob == head.blobs.count, !rest.isEmpty {
      throw ClientError(WireError(.malformedFrame, "OPEN's reply has bytes after its last blob"))
    }
  }
}
