import LarderMessages
package import LarderMetrics
import LarderWire

extension SocketServer: Measured {
  private static let requests = MetricFamily.counter(
    "larder_socket_requests_total", "Requests on the native socket", by: "verb")
  private static let errors = MetricFamily.counter(
    "larder_socket_errors_total", "Requests on the native socket that ended with an error",
    by: "verb", "code")
  private static let sentBytes = MetricFamily.counter(
    "larder_socket_sent_bytes_total",
    "Bytes written to the native socket; what is handed over in memory is not among them")
  private static let open = MetricFamily.gauge(
    "larder_socket_connections", "Connections to the native socket that are open")
  private static let accepted = MetricFamily.counter(
    "larder_socket_connections_total", "Connections to the native socket that were accepted")
  private static let malformed = MetricFamily.counter(
    "larder_socket_malformed_total",
    "Connections that were closed for frames that could not be read")
  private static let longestTurn = MetricFamily.gauge(
    "larder_socket_longest_turn_seconds",
    "The longest time that all connections waited for some, since the start")

  /// Adds what the connections counted; looks at counters only.
  package func measure(into page: inout Exposition) {
    let counted = counters.requests
    for verb in Verb.allCases {
      let name = verb.name.lowercased()
      page.add(Self.requests, counted[name] ?? 0, [name])
    }
    page.declare(Self.errors)
    let refused = counters.errors.sorted {
      ($0.key.verb.rawValue, $0.key.code) < ($1.key.verb.rawValue, $1.key.code)
    }
    for (error, count) in refused {
      page.add(Self.errors, count, [error.verb.name.lowercased(), error.code])
    }
    let connections = connections
    page.add(Self.sentBytes, counters.sentBytes)
    page.add(Self.open, connections.open)
    page.add(Self.accepted, connections.accepted)
    page.add(Self.malformed, connections.malformed)
    page.add(Self.longestTurn, .microseconds(connections.longestTurnMicroseconds))
  }
}
