import FoundationEssentials
import LarderMessages
import LarderWire

/// Turns replies into frames.
enum ReplyEncoding {
  /// The frame that ends a request with an error; repeats the request's kind and id.
  static func error(_ message: ErrorMessage, kind: UInt8, id: UInt64) -> [UInt8] {
    let body = errorBody(message)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(FrameHeader.byteCount + body.count)
    FrameHeader(kind: kind, flags: [.reply, .error], requestID: id, length: body.count)
      .append(to: &bytes)
    bytes += body
    return bytes
  }

  /// The frames of a JSON reply, all but the last with MORE.
  ///
  /// A reply above `jsonReplyMax`, or one that cannot be encoded, becomes the frame of an error.
  static func json(_ reply: some Encodable, verb: Verb, id: UInt64) -> [UInt8] {
    json(verb: verb, id: id) { try text(of: reply) }
  }

  /// As above, of a reply that knows its text.
  static func json(verb: Verb, id: UInt64, _ encode: () throws -> [UInt8]) -> [UInt8] {
    do {
      let text = try encode()
      guard text.count <= WireLimits.jsonReplyMax else {
        let message = "\(verb.name)'s reply takes \(text.count) bytes of JSON"
        return error(
          ErrorMessage(
            code: ErrorCode.tooLarge.rawValue, message: message,
            remedy: "ask for less in one request; the limit is \(WireLimits.jsonReplyMax) bytes"),
          kind: verb.rawValue, id: id)
      }
      return frames(of: text, verb: verb, id: id)
    } catch {
      return self.error(
        ErrorMessage(
          code: ErrorCode.internal.rawValue, message: "\(verb.name)'s reply has no JSON: \(error)"),
        kind: verb.rawValue, id: id)
    }
  }

  /// The JSON of a reply or of OPEN's head; keys sorted, so that equal replies are equal bytes.
  static func text(of reply: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(reply))
  }

  private static func frames(of text: [UInt8], verb: Verb, id: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count + FrameHeader.byteCount)
    var start = 0
    repeat {
      let end = min(start + WireLimits.contentFrameBytes, text.count)
      bytes.appendFrame(
        verb, end < text.count ? [.reply, .more] : .reply, id: id, body: text[start..<end])
      start = end
    } while start < text.count
    return bytes
  }

  private static func errorBody(_ message: ErrorMessage) -> [UInt8] {
    var message = message
    // An error names what it is about; it does not send that back: 16 KiB say enough.
    message.message = String(message.message.prefix(16_384))
    message.subject = message.subject.map { String($0.prefix(16_384)) }
    do { return try text(of: message) } catch {
      // Four strings always have JSON; should they not, the code still reaches the client.
      return Array(#"{"code":"internal","message":"an error without JSON"}"#.utf8)
    }
  }
}
