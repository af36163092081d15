import LarderCore
import LarderMessages
import LarderService
import LarderWire

/// What the face counts over all connections since it started.
final class SocketCounters: Sendable {
  private struct State {
    /// By kind; kinds without a verb stay 0.
    var requests = [Int64](repeating: 0, count: 1 + Int(Verb.allCases.map(\.rawValue).max() ?? 0))
    /// By verb and code, of which there are few.
    var errors: [Refused: Int64] = [:]
    var connections = StatisticsMessage.Connections()
    var sentBytes: Int64 = 0
  }

  /// A verb that was answered with an error.
  struct Refused: Hashable, Sendable {
    let verb: Verb
    let code: String
  }

  private let state = Locked(State())

  func countRequest(_ verb: Verb) {
    state.withLock { $0.requests[Int(verb.rawValue)] += 1 }
  }

  func countError(_ code: String, of verb: Verb) {
    state.withLock { $0.errors[Refused(verb: verb, code: code), default: 0] += 1 }
  }

  func countAccepted() {
    state.withLock { state in
      state.connections.open += 1
      state.connections.accepted += 1
    }
  }

  func countClosed() { state.withLock { $0.connections.open -= 1 } }

  func countMalformed() { state.withLock { $0.connections.malformed += 1 } }

  /// Counts what one write took: of many small answers it is one.
  func countSent(_ bytes: Int) { state.withLock { $0.sentBytes += Int64(bytes) } }

  /// Notes how long the loop was away from its connections.
  func countTurn(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    state.withLock { state in
      state.connections.longestTurnMicroseconds = max(
        state.connections.longestTurnMicroseconds, microseconds)
    }
  }

  var connections: StatisticsMessage.Connections { state.withLock { $0.connections } }

  var sentBytes: Int64 { state.withLock { $0.sentBytes } }

  var errors: [Refused: Int64] { state.withLock { $0.errors } }

  /// By the verb's name in lower case; verbs that nobody used are left out.
  var requests: [String: Int64] {
    let counts = state.withLock { $0.requests }
    var requests: [String: Int64] = [:]
    for verb in Verb.allCases where counts[Int(verb.rawValue)] > 0 {
      requests[verb.name.lowercased()] = counts[Int(verb.rawValue)]
    }
    return requests
  }
}
