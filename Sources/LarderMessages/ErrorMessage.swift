/// The body of a frame with the ERROR flag.
package struct ErrorMessage: Codable, Sendable, Equatable {
  /// One of the codes of docs/protocol.md.
  package var code: String
  /// What was attempted, on which object.
  package var message: String
  /// What to do about it, where something is known to help.
  package var remedy: String?
  /// The remote, URL, path or digest that the error is about.
  package var subject: String?

  package init(code: String, message: String, remedy: String? = nil, subject: String? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.subject = subject
  }
}
