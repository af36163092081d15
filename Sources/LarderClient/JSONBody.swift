import FoundationEssentials
import LarderWire

/// The JSON texts of requests and replies.
enum JSONBody {
  /// The text of a request.
  static func encode(_ request: some Encodable) throws(ClientError) -> [UInt8] {
    do {
      return Array(try JSONEncoder().encode(request))
    } catch {
      throw ClientError(code: .badRequest, message: "the request cannot be written: \(error)")
    }
  }

  /// Reads a reply.
  ///
  /// - Throws: `malformedReply`; the connection stays usable, since the frame was whole.
  static func decode<Reply: Decodable>(
    _ type: Reply.Type = Reply.self, from bytes: some Collection<UInt8>, verb: Verb
  ) throws(ClientError) -> Reply {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw ClientError(
        WireError(.malformedFrame, "\(verb.name)'s JSON is not what it should be: \(error)"))
    }
  }
}
