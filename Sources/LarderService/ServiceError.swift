/// What a use case failed at; each face has one table from `Code` to its own status.
package struct ServiceError: Error, Sendable {
  /// The kinds of failure that a caller can tell apart; docs/protocol.md says what each means.
  package enum Code: String, Sendable, CaseIterable {
    case badRequest, notFound, unknownRemote, unknownExpose, unknownSession
    case originUnavailable, originTimeout, originRefused
    case truncated, integrityMismatch, notJavaScript, invalidBuild
    case tooLarge, noSpace, corrupt, io, busy, shuttingDown, notPermitted, `internal`
  }

  package let code: Code
  /// What was attempted, on which object.
  package let message: String
  /// What to do about it, where something is known to help.
  package let remedy: String?
  /// The remote, URL, path or digest that the error is about.
  package let subject: String?

  /// What an origin answered with, where that is why.
  package var originStatus: Int?

  package init(_ code: Code, _ message: String, remedy: String? = nil, subject: String? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.subject = subject
  }
}

extension ServiceError {
  /// Whether a blob could not be read for a reason that fetching it again may remove.
  package var mayBeRefetched: Bool { code == .corrupt || code == .notFound }
}

extension ServiceError: CustomStringConvertible {
  package var description: String {
    remedy.map { "\(message); \($0)" } ?? message
  }
}
