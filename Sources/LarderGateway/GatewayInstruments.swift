import CoreMetrics
import HTTPTypes
import LarderMetrics

/// What the gateway counts over all of its addresses. Each instrument is looked up once; an answer
/// then costs a few atomic additions.
final class GatewayInstruments: Sendable {
  private static let requests = MetricFamily.counter(
    "larder_gateway_requests_total",
    "Answers of the gateway, by what was asked for (other: a request that leads nowhere, or was refused before)",
    by: "route", "status")
  private static let begins = MetricFamily.durations(
    "larder_gateway_answer_seconds", "Time from a request's head to the beginning of its answer",
    by: "route")
  private static let sentBytes = MetricFamily.counter(
    "larder_gateway_sent_bytes_total", "Bytes of answers' bodies that connections took", by: "route"
  )
  private static let aborted = MetricFamily.counter(
    "larder_gateway_aborted_total", "Answers whose connection ended before all was taken",
    by: "route")
  private static let connections = MetricFamily.gauge(
    "larder_gateway_connections", "Connections to the gateway that are open")
  private static let accepted = MetricFamily.counter(
    "larder_gateway_connections_total", "Connections to the gateway that were accepted")
  private static let expired = MetricFamily.counter(
    "larder_gateway_expired_total", "Connections that were closed for what their peer did not do")

  /// All that an answer can have; what is none of them counts as 500.
  static let statuses = [
    200, 206, 304, 400, 403, 404, 405, 412, 413, 414, 416, 417, 421, 431, 500, 502, 503, 504, 505,
    507,
  ]

  private struct OfRoute: Sendable {
    /// In the order of `statuses`.
    let requests: [Counter]
    let begins: Timer
    let sentBytes: Counter
    let aborted: Counter
  }

  private let routes: [OfRoute]
  private let open: Meter
  private let accepted: Counter
  private let expired: Counter

  init(_ instruments: Instruments) {
    routes = RouteKind.allCases.map { kind in
      OfRoute(
        requests: Self.statuses.map {
          instruments.counter(Self.requests, kind.name, "\($0)")
        },
        begins: instruments.timer(Self.begins, kind.name),
        sentBytes: instruments.counter(Self.sentBytes, kind.name),
        aborted: instruments.counter(Self.aborted, kind.name))
    }
    open = instruments.meter(Self.connections)
    accepted = instruments.counter(Self.accepted)
    expired = instruments.counter(Self.expired)
  }

  func connectionBegan() {
    accepted.increment()
    open.increment()
  }

  func connectionExpired() { expired.increment() }

  func connectionEnded() { open.decrement() }

  /// Counts a request that was refused before anybody looked at what it is for.
  func refused(_ status: HTTPResponse.Status) {
    routes[RouteKind.other.rawValue].requests[Self.place(of: status)].increment()
  }

  /// Counts an answer that is over.
  func note(_ answer: Answer) {
    let route = routes[answer.kind.rawValue]
    route.requests[Self.place(of: answer.status)].increment()
    route.begins.record(answer.begin)
    route.sentBytes.increment(by: answer.sentBytes)
    if answer.isAborted { route.aborted.increment() }
  }

  private static func place(of status: HTTPResponse.Status) -> Int {
    statuses.firstIndex(of: status.code) ?? statuses.firstIndex(of: 500) ?? 0
  }
}
