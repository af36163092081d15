import FoundationEssentials
import LarderService
import LarderWire

/// Reads the JSON of requests.
enum RequestDecoding {
  /// - Throws: `badRequest` that names the member which is missing or wrong.
  static func json<Request: Decodable>(
    _ type: Request.Type, from body: some Collection<UInt8>, verb: Verb
  ) throws(ServiceError) -> Request {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch let error as DecodingError {
      throw ServiceError(.badRequest, "\(verb.name): \(reason(error, body))")
    } catch {
      throw ServiceError(.badRequest, "\(verb.name): \(error)")
    }
  }

  private static func reason(
    _ error: DecodingError, _ body: some Collection<UInt8>
  ) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "'\(path(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "'\(path(context.codingPath))': \(context.debugDescription)"
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      isJSON(body) ? "a number is out of the range of its member" : "the body is no JSON"
    case .dataCorrupted(let context):
      "'\(path(context.codingPath))': \(context.debugDescription)"
    @unknown default: "the body is not what the verb takes"
    }
  }

  /// Foundation reports a number that its type cannot hold, without its path, as it does bad JSON.
  private static func isJSON(_ body: some Collection<UInt8>) -> Bool {
    do {
      _ = try JSONDecoder().decode(Anything.self, from: Data(body))
      return true
    } catch {
      return false
    }
  }

  private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
      .joined(separator: ".")
  }
}
