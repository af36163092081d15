import FoundationEssentials
import HTTPTypes
import LarderMessages
import LarderService

/// Why a request is not answered with what it asks for.
struct Refusal: Error, Sendable {
  let status: HTTPResponse.Status
  /// As docs/protocol.md names what failed.
  let code: ServiceError.Code
  let message: String
  let remedy: String?

  init(
    _ status: HTTPResponse.Status, _ code: ServiceError.Code, _ message: String,
    remedy: String? = nil
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  init(_ error: ServiceError) {
    self.init(HTTPResponse.Status(error.code), error.code, error.message, remedy: error.remedy)
  }

  /// What nobody is told more about: a key that is wrong and a path that leads nowhere look alike.
  static let notFound = Refusal(
    .notFound, .notFound, "there is nothing at this URL",
    remedy: "'larder status' shows where the gateway is")

  /// An answer from where nobody asks what the caller prefers.
  var bareAnswer: (fields: HTTPFields, body: [UInt8]) {
    let (body, type) = body(asJSON: true)
    var fields: HTTPFields = [
      .contentType: type, .contentLength: "\(body.count)", .cacheControl: "no-store",
      .xContentTypeOptions: "nosniff",
    ]
    if status == .methodNotAllowed { fields[.allow] = "GET, HEAD" }
    if status == .serviceUnavailable { fields[.retryAfter] = "1" }
    return (fields, body)
  }

  /// A JSON object with `code`, `message` and `remedy`, as in docs/protocol.md; or a sentence for
  /// people, who read it in a browser or a terminal.
  func body(asJSON: Bool) -> (bytes: [UInt8], type: String) {
    guard asJSON else {
      let text = "\(message)\(remedy.map { "; \($0)" } ?? "")\n"
      return (Array(text.utf8), "text/plain; charset=utf-8")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let object = ErrorMessage(code: code.rawValue, message: message, remedy: remedy)
    // Four strings always have JSON; should they not, the status still says what happened.
    let bytes = (try? encoder.encode(object)).map { Array($0) } ?? Array("{}".utf8)
    return (bytes, "application/json")
  }
}
