/// The codes of ERROR replies; the raw value is what the JSON carries.
package enum ErrorCode: String, Sendable, Hashable, CaseIterable, Codable {
  case malformedFrame, frameTooLarge, protocolViolation, unknownVerb, unsupportedProtocol
  /// A body that is not what the verb takes.
  case badRequest
  case notFound
  case unknownRemote
  case unknownExpose
  case unknownSession
  case originUnavailable
  case originTimeout
  case originRefused
  /// Fewer or more bytes than were announced.
  case truncated
  case integrityMismatch
  case notJavaScript
  case invalidBuild
  case tooLarge
  case noSpace
  case corrupt
  case io
  case busy
  case shuttingDown
  /// The socket is another user's, or not the one for it.
  case notPermitted
  /// A defect of Larder.
  case `internal`

  /// What `larder` exits with after this error, from sysexits.h of BSD.
  package var exitStatus: Int32 {
    switch self {
    case .badRequest, .unknownSession: 64
    case .truncated, .integrityMismatch, .notJavaScript, .invalidBuild, .tooLarge: 65
    case .notFound, .unknownRemote, .unknownExpose: 66
    case .originUnavailable, .originTimeout: 69
    case .malformedFrame, .frameTooLarge, .protocolViolation, .unknownVerb, .unsupportedProtocol,
      .internal:
      70
    case .noSpace: 73
    case .corrupt, .io: 74
    case .busy, .shuttingDown: 75
    case .originRefused, .notPermitted: 77
    }
  }
}
