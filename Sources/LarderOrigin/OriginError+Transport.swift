import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The address that a connection goes to is one that the policy refuses.
struct RefusedAddress: Error {
  let objection: String
}

extension OriginError {
  /// Maps what the HTTP client threw while `url` was asked for: the one place where its errors are
  /// known.
  static func transport(
    _ error: any Error, of url: OriginURL, limits: OriginLimits
  ) -> OriginError {
    switch error {
    case let error as OriginError: error
    case is CancellationError: .cancelled(url.description)
    case let error as RefusedAddress:
      .refused(url, error.objection, remedy: "list the origin in the daemon's settings")
    case let error as NIOConnectionError: unreachable(url, error, why(error))
    case let error as HTTPClientError: client(error, of: url, limits: limits)
    case ChannelError.connectTimeout: .timeout(.connect, limits.connectMax, of: url)
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
      OriginError(
        .insecure, "\(url.redacted): no trusted connection came about: \(error)",
        remedy: "check its certificate, or give the daemon its authority's certificate to trust",
        url: url.description, cause: error)
    case is HTTPParserError: .malformed(url, "\(error)", cause: error)
    default: .unreachable(url, error, "\(error)")
    }
  }

  /// What kept a connection from standing, of the several things that were tried.
  private static func why(_ error: NIOConnectionError) -> String {
    if let failure = error.connectionErrors.first { return "\(failure.error)" }
    return "'\(error.host)' does not resolve to an address"
  }

  private static func client(
    _ error: HTTPClientError, of url: OriginURL, limits: OriginLimits
  ) -> OriginError {
    switch error {
    case .cancelled, .requestStreamCancelled: .cancelled(url.description)
    case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
      .timeout(.connect, limits.connectMax, of: url)
    case .deadlineExceeded, .readTimeout: .timeout(.head, limits.headMax, of: url)
    case .remoteConnectionClosed, .uncleanShutdown: .unreachable(url, error, "\(error)")
    case .invalidURL, .emptyHost, .emptyScheme: .badURL(url.description, "\(error)")
    default:
      OriginError(
        .internal, "\(url.redacted) was not fetched: \(error)",
        remedy: "report this as a defect", url: url.description, cause: error)
    }
  }
}
