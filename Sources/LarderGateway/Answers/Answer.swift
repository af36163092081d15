import HTTPTypes
import LarderCore

/// What an answer was, for those who count it and write it down. Nothing of it is a secret: neither
/// the path, which may begin with a key, nor the query, nor who asked.
struct Answer: Sendable {
  /// Nil where the request could not be read.
  var method: String?
  var kind = RouteKind.other
  var remote: String?
  var release: String?
  var status: HTTPResponse.Status = .internalServerError
  /// What `Server-Timing` says it was.
  var phase = "refused"
  /// From the request's head to the answer's beginning.
  var begin = Duration.zero
  /// From there to its last byte, or to the end of its connection.
  var total = Duration.zero
  /// Of its body, as far as the connection took it.
  var sentBytes: Int64 = 0
  /// Whether its connection ended before.
  var isAborted = false
  var trace: TraceContext?

  init(method: String? = nil, trace: TraceContext? = nil) {
    self.method = method
    self.trace = trace
  }

  mutating func note(_ route: Route) {
    kind = route.kind
    (remote, release) = (route.remote?.name, route.remote?.release)
  }
}
