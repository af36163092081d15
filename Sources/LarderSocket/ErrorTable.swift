import LarderMessages
import LarderService
import LarderWire

extension ErrorCode {
  /// The one table from what a use case failed at to what the wire says.
  init(_ code: ServiceError.Code) {
    self =
      switch code {
      case .badRequest: .badRequest
      case .notFound: .notFound
      case .unknownRemote: .unknownRemote
      case .unknownExpose: .unknownExpose
      case .unknownSession: .unknownSession
      case .originUnavailable: .originUnavailable
      case .originTimeout: .originTimeout
      case .originRefused: .originRefused
      case .truncated: .truncated
      case .integrityMismatch: .integrityMismatch
      case .notJavaScript: .notJavaScript
      case .invalidBuild: .invalidBuild
      case .tooLarge: .tooLarge
      case .noSpace: .noSpace
      case .corrupt: .corrupt
      case .io: .io
      case .busy: .busy
      case .shuttingDown: .shuttingDown
      case .notPermitted: .notPermitted
      case .internal: .internal
      }
  }
}

extension ErrorMessage {
  init(_ error: ServiceError) {
    self.init(
      code: ErrorCode(error.code).rawValue, message: error.message, remedy: error.remedy,
      subject: error.subject)
  }

  init(_ error: WireError) {
    self.init(code: error.code.rawValue, message: error.message)
  }
}
