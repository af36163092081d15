import LarderCore

/// The 16 bytes before every body: length u32, kind u8, flags u8, zero u16, request id u64, all
/// little-endian.
package struct FrameHeader: Sendable, Hashable {
  /// Bytes of a header.
  package static let byteCount = 16

  /// Bytes of body that follow; unchecked when read from a peer.
  package var length: UInt32
  /// A verb's raw value, or one that this version does not know.
  package var kind: UInt8
  package var flags: FrameFlags
  /// 0 in every version so far.
  package var reserved: UInt16
  /// Chosen by the client, repeated by replies.
  package var requestID: UInt64

  /// A header to send.
  ///
  /// - Precondition: `length` is 0 to `WireLimits.frameBodyMax`.
  package init(verb: Verb, flags: FrameFlags, requestID: UInt64, length: Int) {
    self.init(kind: verb.rawValue, flags: flags, requestID: requestID, length: length)
  }

  /// A header to send that repeats a kind which may be no verb, as an error reply does.
  ///
  /// - Precondition: `length` is 0 to `WireLimits.frameBodyMax`.
  package init(kind: UInt8, flags: FrameFlags, requestID: UInt64, length: Int) {
    precondition(
      (0...WireLimits.frameBodyMax).contains(length), "a frame's body is 0 to 4 MiB")
    self.length = UInt32(length)
    self.kind = kind
    self.flags = flags
    self.reserved = 0
    self.requestID = requestID
  }

  /// Reads the first 16 bytes as they are, without judging them; nil if there are fewer.
  package init?(reading bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= FrameHeader.byteCount else { return nil }
    length = bytes.littleEndian(at: 0)
    kind = bytes[4]
    flags = FrameFlags(rawValue: bytes[5])
    reserved = bytes.littleEndian(at: 6)
    requestID = bytes.littleEndian(at: 8)
  }

  /// Appends the 16 bytes.
  package func append(to bytes: inout [UInt8]) {
    // As two numbers: they are appended as one each.
    bytes.append(
      littleEndian: UInt64(length) | UInt64(kind) << 32 | UInt64(flags.rawValue) << 40
        | UInt64(reserved) << 48)
    bytes.append(littleEndian: requestID)
  }

  /// Why a header cannot be read, whichever side sent it; nil if it can.
  var defect: WireError? {
    if length > WireLimits.frameBodyMax {
      return WireError(
        .frameTooLarge,
        "a frame of \(length) bytes: a body has at most \(WireLimits.frameBodyMax)")
    }
    if reserved != 0 {
      return WireError(.malformedFrame, "bytes 6 and 7 of a frame are 0, not \(reserved)")
    }
    if flags.rawValue & ~FrameFlags.known.rawValue != 0 {
      return WireError(.malformedFrame, "flags \(flags.rawValue) have a bit without a meaning")
    }
    if kind == 0 {
      return WireError(.malformedFrame, "a frame of kind 0")
    }
    return nil
  }
}

extension [UInt8] {
  /// Appends a whole frame.
  ///
  /// - Precondition: `body` has at most `WireLimits.frameBodyMax` bytes.
  package mutating func appendFrame(
    _ verb: Verb, _ flags: FrameFlags, id: UInt64, body: some Collection<UInt8>
  ) {
    FrameHeader(verb: verb, flags: flags, requestID: id, length: body.count).append(to: &self)
    append(contentsOf: body)
  }
}
