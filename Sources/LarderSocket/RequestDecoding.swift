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
      throw ServiceError(.badRequest, "\(verb.name): \(reason(error))")
    } catch {
      throw ServiceError(.badRequest, "\(verb.name): \(error)")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "'\(path(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "'\(path(context.codingPath))': \(context.debugDescription)"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "the body is no JSON" : "'\(path(context.codingPath))': \(context.debugDescription)"
    @unknown default: "the body is not what the verb takes"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
      .joined(separator: ".")
  }
}
