/// The JSON body of an ERROR reply.
package struct ErrorBody: Sendable, Hashable, Codable {
  /// An `ErrorCode` by its raw value; a string, since a later daemon may name one more.
  package let code: String
  /// What was attempted and why it failed, for people.
  package let message: String
  /// What to do about it, where that is known.
  package let remedy: String?
  /// The name, URL or path that the error is about.
  package let subject: String?

  package init(
    code: ErrorCode, message: String, remedy: String? = nil, subject: String? = nil
  ) {
    self.code = code.rawValue
    self.message = message
    self.remedy = remedy
    self.subject = subject
  }

  /// The code, or `internal` for one that this version does not know.
  package var knownCode: ErrorCode { ErrorCode(rawValue: code) ?? .internal }
}
