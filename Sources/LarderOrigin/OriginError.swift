import LarderCore

/// Why an origin's bytes were not had.
package struct OriginError: Error, Sendable {
  /// The kinds of failure, one per thing that a caller can do about it.
  package enum Code: String, Sendable, CaseIterable {
    /// The text is no URL that Larder fetches.
    case badURL
    /// A URL, an address or a redirect that the policy does not allow.
    case refused
    /// The origin cannot be reached, or answered with `status`.
    case unavailable
    /// The origin failed several times just now and is left alone for a moment.
    case resting
    /// A time limit passed; the message names it.
    case timeout
    /// Fewer or more bytes than the origin, or the caller, announced.
    case truncated
    /// More bytes than the size limit.
    case tooLarge
    /// The bytes are not those that the integrity value names.
    case integrityMismatch
    /// The integrity value names no algorithm and hash that Larder knows.
    case badIntegrity
    /// A content encoding that was not asked for.
    case encoding
    /// The origin's certificate is not trusted, or no secure connection came about.
    case insecure
    /// An answer that is not HTTP, or contradicts itself.
    case malformed
    /// The receiver of the bytes failed; `cause` is its error.
    case sink
    /// The asking task was cancelled.
    case cancelled
    /// A defect of Larder, or a request after `shutdown`.
    case `internal`
  }

  /// The time limits, as in `OriginLimits`.
  package enum TimeLimit: String, Sendable {
    case connect
    case head
    case stall
    case attempt
  }

  package let code: Code
  /// What was attempted, on which URL, and what happened.
  package let message: String
  /// What to do about it.
  package let remedy: String
  /// The URL that failed, which after redirects is not the one that was asked for. May carry
  /// secrets in its query; the message leaves the query out.
  package let url: String
  /// The origin's status, for `unavailable` where it answered.
  package let status: Int?
  /// What the layer below said, where one did.
  package let cause: (any Error)?
  /// Seconds that the origin asked to be left alone.
  let retryAfterSeconds: Int?
  /// Whether the same request may well succeed soon.
  let isTransient: Bool

  init(
    _ code: Code, _ message: String, remedy: String, url: String, status: Int? = nil,
    cause: (any Error)? = nil, retryAfterSeconds: Int? = nil, isTransient: Bool = false
  ) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.url = url
    self.status = status
    self.cause = cause
    self.retryAfterSeconds = retryAfterSeconds
    self.isTransient = isTransient
  }
}

extension OriginError: CustomStringConvertible {
  package var description: String { "\(message): \(remedy)" }
}

extension OriginError {
  static func badURL(_ text: String, _ why: String) -> OriginError {
    OriginError(
      .badURL, "'\(text.prefix(120))' is no URL to fetch: \(why)",
      remedy: "give an absolute http or https URL, percent-encoded where needed", url: text)
  }

  static func refused(_ url: OriginURL, _ why: String, remedy: String) -> OriginError {
    OriginError(
      .refused, "\(url.redacted) was not fetched: \(why)", remedy: remedy, url: url.description)
  }

  static func status(_ status: Int, of url: OriginURL, retryAfterSeconds: Int?) -> OriginError {
    let isTransient = [429, 502, 503, 504].contains(status)
    let remedy =
      switch status {
      case 401, 403, 407: "check the authorization that is sent for it"
      case 404, 410: "check the URL, and that the build is deployed there"
      default: "try again later, or look at the origin's log"
      }
    return OriginError(
      .unavailable, "\(url.redacted) answered with status \(status)", remedy: remedy,
      url: url.description, status: status, retryAfterSeconds: retryAfterSeconds,
      isTransient: isTransient)
  }

  static func unreachable(
    _ url: OriginURL, _ cause: any Error, _ why: String
  ) -> OriginError {
    OriginError(
      .unavailable, "\(url.redacted) cannot be reached: \(why)",
      remedy: "check that the origin runs, and its host and port", url: url.description,
      cause: cause, isTransient: true)
  }

  static func timeout(_ limit: TimeLimit, _ duration: Duration, of url: OriginURL) -> OriginError {
    let what =
      switch limit {
      case .connect: "no connection"
      case .head: "no answer"
      case .stall: "no further bytes"
      case .attempt: "no end of the answer"
      }
    return OriginError(
      .timeout, "\(url.redacted): \(what) within \(duration) (limit '\(limit.rawValue)')",
      remedy: "check the origin's load and the network, then try again", url: url.description,
      isTransient: true)
  }

  static func truncated(
    _ url: OriginURL, got: Int64, expected: Int64, isTransient: Bool
  ) -> OriginError {
    OriginError(
      .truncated, "\(url.redacted) gave \(got) bytes, \(expected) were announced",
      remedy: isTransient
        ? "try again; if it stays, look for a proxy that cuts answers"
        : "check that the deployed file is the one that was built", url: url.description,
      isTransient: isTransient)
  }

  static func tooLarge(_ url: OriginURL, max: ByteCount) -> OriginError {
    OriginError(
      .tooLarge, "\(url.redacted) has more than \(max.value) bytes",
      remedy: "check the URL; a file of a build is smaller", url: url.description)
  }

  static func malformed(_ url: OriginURL, _ why: String, cause: (any Error)? = nil) -> OriginError {
    OriginError(
      .malformed, "\(url.redacted) gave an answer that is not sound HTTP: \(why)",
      remedy: "check what listens there", url: url.description, cause: cause)
  }

  static func cancelled(_ url: String) -> OriginError {
    OriginError(.cancelled, "the fetch was cancelled", remedy: "ask again", url: url)
  }
}
