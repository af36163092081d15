import LarderCore
import LarderMessages
import LarderWire

/// What the face counts over all connections since it started.
final class SocketCounters: Sendable {
  private struct State {
    var requests = [Int64](repeating: 0, count: Verb.allCases.count)
    var connections = StatisticsMessage.Connections()
  }

  private let state = Locked(State())

  func countRequest(_ verb: Verb) {
    // The kinds are 1, 2, 3, … without a gap.
    state.withLock { $0.requests[Int(verb.rawValue) - 1] += 1 }
  }

  func countAccepted() {
    state.withLock { state in
      state.connections.open += 1
      state.connections.accepted += 1
    }
  }

  func countClosed() { state.withLock { $0.connections.open -= 1 } }

  func countMalformed() { state.withLock { $0.connections.malformed += 1 } }

  var connections: StatisticsMessage.Connections { state.withLock { $0.connections } }

  /// By the verb's name in lower case; verbs that nobody used are left out.
  var requests: [String: Int64] {
    let counts = state.withLock { $0.requests }
    var requests: [String: Int64] = [:]
    for verb in Verb.allCases where counts[Int(verb.rawValue) - 1] > 0 {
      requests[verb.name.lowercased()] = counts[Int(verb.rawValue) - 1]
    }
    return requests
  }
}
