import HTTPTypes
import LarderService
import Testing

@testable import LarderGateway

@Suite("What HTTP says of a failure")
struct ErrorTableTests {
  private static let table: [ServiceError.Code: Int] = [
    .badRequest: 400, .notFound: 404, .unknownRemote: 404, .unknownExpose: 404,
    .unknownSession: 404, .originUnavailable: 502, .originTimeout: 504, .originRefused: 502,
    .truncated: 502, .integrityMismatch: 502, .notJavaScript: 502, .invalidBuild: 502,
    .tooLarge: 507, .noSpace: 507, .corrupt: 500, .io: 500, .busy: 503, .shuttingDown: 503,
    .notPermitted: 403, .internal: 500,
  ]

  @Test("is one status for each code", arguments: ServiceError.Code.allCases)
  func status(_ code: ServiceError.Code) {
    #expect(HTTPResponse.Status(code).code == Self.table[code])
  }

  @Test("is told to programs with code, message and remedy")
  func json() {
    let refusal = Refusal(ServiceError(.notFound, "no \"x\"", remedy: "look"))
    let body = refusal.body(asJSON: true)
    #expect(
      String(decoding: body.bytes, as: UTF8.self)
        == #"{"code":"notFound","message":"no \"x\"","remedy":"look"}"#)
    #expect(body.type == "application/json")
  }

  @Test("is told to people in a sentence")
  func text() {
    let refusal = Refusal(ServiceError(.notFound, "no x", remedy: "look"))
    #expect(String(decoding: refusal.body(asJSON: false).bytes, as: UTF8.self) == "no x; look\n")
  }
}
