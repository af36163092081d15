package import LarderMessages
import LarderPlatform
package import LarderWire
import SystemPackage

/// Why a call of `LarderClient` failed: an answer of the daemon, or that there was none.
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
    /// No answer came within the call's time limit.
    public static let timedOut = Code(rawValue: "timedOut")
    /// The task that called was cancelled.
    public static let cancelled = Code(rawValue: "cancelled")
    /// What came is not what the protocol says.
    public static let malformedReply = Code(rawValue: "malformedReply")
    /// A document that a caller handed over is not of the form that is read.
    public static let invalidInput = Code(rawValue: "invalidInput")
    /// No such blob, file, release or lease in this realm.
    public static let notFound = Code(.notFound)
    /// Stored bytes failed their check.
    public static let corrupt = Code(.corrupt)
    /// A range does not lie within its blob, or an argument is not what the call takes.
    public static let badRequest = Code(.badRequest)
    /// Fewer or more bytes than were announced.
    public static let truncated = Code(.truncated)
    /// Content is not what was named.
    public static let integrityMismatch = Code(.integrityMismatch)
    /// Above a limit; the message names it.
    public static let tooLarge = Code(.tooLarge)
    /// The disk or the quota is full.
    public static let noSpace = Code(.noSpace)
    /// The operating system refused a call; the message names it.
    public static let io = Code(.io)
    /// The origin did not answer, or answered with an error status.
    public static let originUnavailable = Code(.originUnavailable)
    /// A time limit for the origin passed.
    public static let originTimeout = Code(.originTimeout)
    /// The origin or a redirect is not one that the daemon follows, or not to be trusted.
    public static let originRefused = Code(.originRefused)
    /// The socket is another user's, or not the one for it.
    public static let notPermitted = Code(.notPermitted)
    /// A limit of the daemon on connections, leases or waiting requests: try again later.
    public static let busy = Code(.busy)
    /// The daemon is about to end.
    public static let shuttingDown = Code(.shuttingDown)

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

  /// Whether there is no daemon to answer, for now: none listens, it went or does not answer in
  /// time, or it takes no more. What was asked may be asked again.
  public var isUnavailable: Bool {
    let codes: [Code] = [.noDaemon, .connectionLost, .timedOut, .busy, .shuttingDown]
    return codes.contains(code)
  }

  /// What a command line exits with, from sysexits.h of BSD; 69 where no daemon answered.
  public var exitStatus: Int32 {
    if let known = ErrorCode(rawValue: code.rawValue) { return known.exitStatus }
    switch code {
    case .noDaemon, .connectionLost: return 69
    case .timedOut, .cancelled: return 75
    case .invalidInput: return 65
    default: return 70
    }
  }

  package init(_ message: ErrorMessage) {
    self.init(
      code: Code(rawValue: message.code), message: message.message, remedy: message.remedy,
      subject: message.subject)
  }

  /// The body of an ERROR.
  init(decoding body: UnsafeRawBufferPointer) {
    do throws(ClientError) {
      self.init(try JSONBody.decode(ErrorMessage.self, from: body, verb: .hello))
    } catch {
      self.init(WireError(.malformedFrame, "an ERROR without its JSON"))
    }
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

extension ClientError {
  /// The daemon closed the connection, with no word why.
  static func ended(at path: String) -> ClientError {
    ClientError(
      code: .connectionLost, message: "the daemon at '\(path)' closed the connection",
      remedy: "see its log, or start it with 'larder up'", subject: path)
  }

  /// The daemon sent nothing, or read nothing, for so long.
  static func silent(
    at path: String, for time: Duration, read: Bool = false
  ) -> ClientError {
    ClientError(
      code: .timedOut,
      message: "the daemon at '\(path)' \(read ? "read" : "sent") nothing for \(time)",
      remedy: "see what it waits for with 'larder status'", subject: path)
  }

  /// A request that no frame holds.
  init(tooLarge byteCount: Int, _ verb: Verb) {
    self.init(
      code: .tooLarge,
      message: "a \(verb.name) request of \(byteCount) bytes: the limit is 4 MiB")
  }

  /// The task was cancelled.
  static let cancelled = ClientError(code: .cancelled, message: "the task was cancelled")

  /// `LarderClient.close` was called.
  static let closed = ClientError(code: .connectionLost, message: "the client was closed")

  /// `LARDER=off`.
  static let off = ClientError(
    code: .noDaemon, message: "LARDER=off says to work without a daemon", remedy: "unset LARDER")

  /// The socket at `path` cannot be connected to.
  init(noDaemonAt path: String, because error: SystemCallError) {
    let isAbsent = error.errno == .noSuchFileOrDirectory || error.errno == .connectionRefused
    self.init(
      code: .noDaemon,
      message: isAbsent
        ? "no daemon listens at '\(path)'"
        : "cannot connect to the daemon at '\(path)': \(error.errno)",
      remedy: isAbsent ? "start one with 'larder up'" : error.remedy, subject: path)
  }
}

extension ClientError: CustomStringConvertible {
  /// Message and remedy in one line.
  public var description: String {
    remedy.map { "\(message); \($0)" } ?? message
  }
}
