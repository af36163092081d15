import HTTPTypes
import LarderService

extension HTTPResponse.Status {
  /// The one table from what a use case failed at to what HTTP says (RFC 9110, 15).
  init(_ code: ServiceError.Code) {
    self =
      switch code {
      case .badRequest: .badRequest
      case .notFound, .unknownRemote, .unknownExpose, .unknownSession: .notFound
      case .notPermitted: .forbidden
      case .originUnavailable, .originRefused, .truncated, .integrityMismatch, .notJavaScript,
        .invalidBuild:
        .badGateway
      case .originTimeout: .gatewayTimeout
      case .tooLarge, .noSpace: .insufficientStorage
      case .busy, .shuttingDown: .serviceUnavailable
      case .corrupt, .io, .internal: .internalServerError
      }
  }

  /// 507 (RFC 4918, 11.5): the store has no room for what the answer needs.
  static let insufficientStorage = HTTPResponse.Status(
    code: 507, reasonPhrase: "Insufficient Storage")
}
