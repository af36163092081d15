/// What a peer sent that cannot be taken: the code for its reply, and what was wrong.
package struct WireError: Error, Sendable, Hashable {
  package let code: ErrorCode
  /// What was sent and what it should have been, for people.
  package let message: String

  package init(_ code: ErrorCode, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension WireError: CustomStringConvertible {
  package var description: String { "\(code.rawValue): \(message)" }
}
