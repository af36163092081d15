import BenchRig

/// What all contenders did with one cell, round by round.
struct Measurements {
  struct Contender {
    var wall = Series()
    var server = Series()
    var client = Series()
    var latencies = Histogram()
  }

  private(set) var contenders: [String: Contender] = [:]

  mutating func add(_ result: LoadResult, of name: String) {
    var contender = contenders[name] ?? Contender()
    contender.wall.add(result.microseconds)
    contender.server.add(result.serverMicroseconds)
    contender.client.add(result.clientMicroseconds)
    contender.latencies.add(result.latencies)
    contenders[name] = contender
  }
}

extension Measurements.Contender: Encodable {
  private enum Key: CodingKey {
    case microsecondsPerRequest, serverMicroseconds, clientMicroseconds, p50, p99, p999
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(wall, forKey: .microsecondsPerRequest)
    try container.encode(server, forKey: .serverMicroseconds)
    try container.encode(client, forKey: .clientMicroseconds)
    try container.encode(latencies.microseconds(at: 0.5), forKey: .p50)
    try container.encode(latencies.microseconds(at: 0.99), forKey: .p99)
    try container.encode(latencies.microseconds(at: 0.999), forKey: .p999)
  }
}

extension Histogram {
  func microseconds(at share: Double) -> Double { Double(value(at: share)) / 1000 }
}
