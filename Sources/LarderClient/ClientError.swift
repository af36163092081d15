package import LarderMessages
import LarderPlatform
package import LarderWire
import SystemPackage

/// Why a call of `BlockingClient` failed: an answer of the daemon, or that there was none.
public struct ClientError: Error, Sendable, Hashable {
  /// A code of the protocol's table, or one of the client's own below.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// As the JSON of an ERROR carries it.
    public let rawValue: String

    /// Takes any text: a later daemon may name codes that this client does not know.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Nobody answers at the socket's path, or discovery is off.
    public static let noDaemon = Code(rawValue: "noDaemon")
    /// The connection ended before the answer did, or was given up by an earlier error.
    public static let connectionLost = Code(rawValue: "connectionLost")
    /// The daemon sent nothing for `Options.replyTimeout`.
    public static let timedOut = Code(rawValue: "timedOut")
    /// What came is not what the protocol says.
    public static let malformedReply = Code(rawValue: "malformedReply")
    /// No such blob, file or release in this realm.
    public static let notFound = Code(.notFound)
    /// Stored bytes failed their check.
    public static let corrupt = Code(.corrupt)
    /// A range does not lie within its blob, or an argument is above a limit.
    public static let badRequest = Code(.badRequest)

    package init(_ code: ErrorCode) { rawValue = code.rawValue }
  }

  /// What kind of failure it is, to decide by.
  public let code: Code
  /// What was attempted, and why it failed.
  public let message: String
  /// What to do about it, where that is known.
  public let remedy: String?
  /// The name, URL, path or digest that the error is about.
  public let subject: String?

  /// An error of the caller's own, such as a file that could not be written in a `body`.
  public init(code: Code, message: String, remedy: String? = nil, subject: String? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.subject = subject
  }

  /// What a command line exits with, from sysexits.h of BSD; 69 where no daemon answered.
  public var exitStatus: Int32 {
    if let known = ErrorCode(rawValue: code.rawValue) { return known.exitStatus }
    switch code {
    case .noDaemon, .connectionLost: return 69
    case .timedOut: return 75
    default: return 70
    }
  }

  package init(_ message: ErrorMessage) {
    self.init(
      code: Code(rawValue: message.code), message: message.message, remedy: message.remedy,
      subject: message.subject)
  }

  init(_ error: WireError) {
    self.init(
      code: .malformedReply, message: "the daemon's answer cannot be read: \(error.message)",
      remedy: "use a larder and a larderd of the same version")
  }

  /// A socket call that failed while connected.
  init(_ error: SystemCallError) {
    self.init(
      code: .connectionLost, message: "\(error.call) '\(error.object)': \(error.errno)",
      remedy: error.remedy)
  }
}

extension ClientError: CustomStringConvertible {
  /// Message and remedy in one line.
  public var description: String {
    remedy.map { "\(message); \($0)" } ?? message
  }
}
