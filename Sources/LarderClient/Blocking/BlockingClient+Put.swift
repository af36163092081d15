package import LarderCore
package import LarderWire

extension BlockingClient {
  /// Streams a blob to the daemon in pieces of 1 MiB.
  ///
  /// - Parameters:
  ///   - digest: what the content has to hash to, if it is known.
  ///   - size: how many bytes there are, if it is known.
  ///   - read: fills a part of the buffer and returns how much, 0 at the end. An error that it
  ///     throws ends the connection: a blob that was begun cannot be taken back otherwise.
  /// - Throws: `integrityMismatch`, `truncated`, `tooLarge`, `noSpace` and others that the daemon
  ///   answers; nothing of the blob is kept then.
  package func put(
    ack: AckLevel, digest: Digest? = nil, size: ByteCount? = nil,
    reading read: (UnsafeMutableRawBufferPointer) throws(ClientError) -> Int
  ) throws(ClientError) -> PutAnswer {
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: WireLimits.contentFrameBytes, alignment: 16)
    defer { piece.deallocate() }
    var head: [UInt8] = []
    PutHead(ack: ack, digest: digest, size: size).append(to: &head)
    let id = try begin(.put)
    var sent: Int64 = 0
    var isFirst = true
    while true {
      let count: Int
      do { count = try read(piece) } catch { throw giveUp(error) }
      sent += Int64(count)
      let isLast = count == 0 || sent == size?.value
      let flags: FrameFlags = isLast ? (isFirst ? [] : .data) : (isFirst ? .more : [.more, .data])
      try send(
        .put, flags, id: id, head: isFirst ? head : [],
        body: UnsafeRawBufferPointer(rebasing: piece[..<count]))
      if isLast { break }
      isFirst = false
      // An answer before the end is a refusal: the rest need not be read and sent.
      if try hasInput() {
        try endRefusedPut(id)
      }
    }
    return try putAnswer(id)
  }

  /// Sends a blob that is in memory.
  package func put(
    _ bytes: [UInt8], ack: AckLevel = .accepted, digest: Digest? = nil
  ) throws(ClientError) -> PutAnswer {
    var place = 0
    return try put(ack: ack, digest: digest, size: ByteCount(bytes.count)) { buffer in
      let count = min(buffer.count, bytes.count - place)
      bytes.withUnsafeBytes { all in
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[place..<place + count]))
      }
      place += count
      return count
    }
  }

  private func putAnswer(_ id: UInt64) throws(ClientError) -> PutAnswer {
    var answer: PutAnswer?
    try receive(id) { (_, bytes) throws(ClientError) in
      do throws(WireError) {
        answer = try PutAnswer(decoding: bytes)
      } catch {
        throw ClientError(error)
      }
    }
    guard let answer else {
      throw giveUp(ClientError(WireError(.malformedFrame, "PUT's answer has no body")))
    }
    return answer
  }

  private func endRefusedPut(_ id: UInt64) throws(ClientError) {
    do {
      _ = try putAnswer(id)
    } catch {
      // The daemon drops frames of this id until its last.
      if isUsable { try send(.put, .data, id: id, body: []) }
      throw error
    }
    throw giveUp(
      ClientError(WireError(.protocolViolation, "PUT was answered before its content ended")))
  }
}
