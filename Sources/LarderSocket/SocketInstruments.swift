import CoreMetrics
import LarderMetrics
import LarderWire

/// How long the verbs take that run as tasks. What memory answers on the loop itself is not timed: two
/// looks at the clock would cost it more than the answer.
struct SocketInstruments: Sendable {
  private static let tasks = MetricFamily.durations(
    "larder_socket_request_seconds",
    "Time from reading a request of a JSON verb to having its answer", by: "verb")

  /// By the verb's kind; nil for those that are no tasks.
  private let timers: [Timer?]

  init(_ instruments: Instruments) {
    var timers = [Timer?](
      repeating: nil, count: 1 + Int(Verb.allCases.map(\.rawValue).max() ?? 0))
    for verb in Verb.allCases where verb.isTask {
      timers[Int(verb.rawValue)] = instruments.timer(Self.tasks, verb.name.lowercased())
    }
    self.timers = timers
  }

  func note(_ time: Duration, of verb: Verb) { timers[Int(verb.rawValue)]?.record(time) }
}

extension Verb {
  /// Whether it has a JSON body and runs beside the loop. WATCH does, and takes as long as it is told
  /// to wait.
  fileprivate var isTask: Bool {
    switch self {
    case .stats, .ensure, .publish, .remote, .`init`, .override, .plan, .report, .open, .lease,
      .release, .pin, .unpin, .keyed, .admin:
      true
    case .hello, .ping, .has, .get, .drop, .put, .watch: false
    }
  }
}
