import BenchRig
import Glibc
import LarderPlatform

/// What a client saw of a server within some time.
struct LoadResult {
  /// Requests that were answered; of one whose value had not come whole, the part that had.
  let requests: Double
  let seconds: Double
  /// CPU time of the server, all its threads.
  let serverSeconds: Double
  /// CPU time of the client.
  let clientSeconds: Double
  let latencies: Histogram

  var microseconds: Double { seconds / requests * 1e6 }
  var serverMicroseconds: Double { serverSeconds / requests * 1e6 }
  var clientMicroseconds: Double { clientSeconds / requests * 1e6 }
}

/// So many connections, each with so many requests under way, from one thread.
struct LoadRun {
  let connections: Int
  let depth: Int
  let valueSize: Int
  let seconds: Double

  /// Before it counts: pages are touched, descriptors have come.
  private static let warmUpShare = 0.2

  /// - Parameter dialogue: makes the dialogue of one connection.
  func measure<Speech: Dialogue>(
    _ path: String, server: ProcessClock, _ dialogue: (_ connection: Int) -> Speech
  ) throws -> LoadResult {
    // Without epoll, where there is nothing to choose from.
    let isAlone = connections == 1
    let all = try (0..<connections).map {
      try LoadConnection(
        dialogue($0), path: path, valueSize: valueSize, depth: depth, isBlocking: isAlone)
    }
    let epoll = try Epoll()
    for (number, connection) in all.enumerated() {
      if !isAlone {
        try epoll.add(
          connection.socket.socket.rawValue, token: UInt64(number), interest: .read)
      }
      try connection.begin(depth)
    }
    var ready: [Epoll.Ready] = []
    func run(for seconds: Double) throws -> Double {
      let start = Monotonic.nanoseconds
      let end = start + UInt64(seconds * 1e9)
      while Monotonic.nanoseconds < end {
        if isAlone {
          try all[0].turn()
        } else {
          try epoll.wait(into: &ready, timeoutMilliseconds: 20_000)
          if ready.isEmpty { throw WrongAnswer("no answer") }
          for event in ready { try all[Int(event.token)].turn() }
        }
      }
      return Double(Monotonic.nanoseconds - start) / 1e9
    }
    _ = try run(for: seconds * LoadRun.warmUpShare)
    for connection in all { connection.reset() }
    let own = Stopwatch()
    let serverStart = try server.seconds
    let passed = try run(for: seconds)
    var latencies = Histogram()
    for connection in all { latencies.add(connection.latencies) }
    return LoadResult(
      requests: Double(all.reduce(0) { $0 + $1.receivedBytes }) / Double(valueSize),
      seconds: passed, serverSeconds: try server.seconds - serverStart,
      clientSeconds: own.cpuSeconds, latencies: latencies)
  }
}
