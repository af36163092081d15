import ArgumentParser
import BenchRig
import Foundation

/// `socket-bench compare`: what `make bench-socket` runs.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Hold the socket against its peers and against its goals.")

  @OptionGroup var daemon: DaemonOptions
  @Option(help: "Where scripts/install-bench-peers put the peers.")
  var peers: String
  @Option(help: "The client that fills buildbox-casd.")
  var casdClient = "Tests/Benchmarks/casd-client.py"
  @Option(help: "Where to write the figures as JSON.")
  var json = ".build-bench/bench-socket.json"
  @Option(help: "Bytes of a value, with commas between them.", transform: CompareCommand.numbers)
  var sizes = [32, 4 << 10, 64 << 10, 1 << 20, 16 << 20]
  @Option(
    help: "Requests that one connection has under way, likewise.", transform: CompareCommand.numbers
  )
  var depths = [1, 16]
  @Option(help: "Connections at a time, likewise.", transform: CompareCommand.numbers)
  var connections = [1, 8, 64]
  @Option(
    help: "Contenders by name, likewise; all if none is named.", transform: CompareCommand.words)
  var only: [String] = []
  @Option(help: "How often each thing is measured.")
  var rounds = 5
  @Option(help: "Seconds of one measurement.")
  var seconds = 0.2
  @Option(help: "The same seed gives the same values.")
  var seed: UInt64 = 1

  func run() throws {
    let cells = Cell.all(sizes: sizes, depths: depths, connections: connections)
    let programs = "\(peers)/servers/usr"
    let larder = try daemon.start()
    let redis = try RedisServer(program: "\(programs)/bin/redis-server", scratch: daemon.scratch)
    let memcached = try MemcachedServer(
      program: "\(programs)/bin/memcached", scratch: daemon.scratch)
    let nginx = try NginxServer(program: "\(programs)/sbin/nginx", scratch: daemon.scratch)
    let casd = try CasdServer(peers: peers, client: casdClient, scratch: daemon.scratch)
    let all: [any Peer] = [
      try LarderBytes(larder), try LarderPlaces(larder, touchingEach: 4096),
      try LarderPlaces(larder, touchingEach: 64), redis, memcached, nginx,
      casd,
    ]
    let contenders = all.filter { only.isEmpty || only.contains($0.name) }

    var valueSets: [Int: ValueSet] = [:]
    for size in sizes {
      say("values of \(size) bytes: stored and verified")
      let values = ValueSet(size: size, seed: seed)
      valueSets[size] = values
      try larder.load(values)
      try redis.load(values)
      try memcached.load(values)
      try nginx.load(values)
      if casd.takes(size) { try casd.load(values) }
      for contender in contenders where contender.takes(size) { try contender.verify(values) }
    }
    var measurements = [Cell: Measurements]()
    for round in 0..<rounds {
      for cell in cells {
        say("round \(round + 1): \(cell.sizeText), depth \(cell.depth), \(cell.connections)")
        let load = LoadRun(
          connections: cell.connections, depth: cell.depth, valueSize: cell.size, seconds: seconds)
        // Whoever was first is last in the next round.
        for place in contenders.indices {
          let contender = contenders[(place + round) % contenders.count]
          guard contender.takes(cell.size), let values = valueSets[cell.size] else { continue }
          measurements[cell, default: Measurements()].add(
            try contender.measure(load, values), of: contender.name)
        }
      }
    }
    var report = LoadReport()
    report.versions = try versions(programs)
    report.entries = cells.compactMap { cell in
      measurements[cell].map { LoadReport.Entry(cell: cell, contenders: $0.contenders) }
    }
    try report.write(to: json)
    print(report.text)
  }

  private func versions(_ programs: String) throws -> [String: String] {
    [
      "redis": try Self.word(3, of: "\(programs)/bin/redis-server", "--version", from: "="),
      "memcached": try Self.word(2, of: "\(programs)/bin/memcached", "-V", from: " "),
    ]
  }

  private static func word(
    _ number: Int, of program: String, _ argument: String, from separator: Character
  ) throws -> String {
    let text = String(decoding: try Child.run(program, [argument]).output, as: UTF8.self)
    let words = text.split(whereSeparator: \.isWhitespace)
    return words.count < number ? text : String(words[number - 1])
  }

  static func numbers(_ text: String) throws -> [Int] {
    let numbers = text.split(separator: ",").compactMap { Int($0) }
    if numbers.isEmpty { throw ValidationError("numbers, with commas between them") }
    return numbers
  }

  static func words(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }

  /// Progress goes to standard error: the report alone is output.
  private func say(_ text: String) {
    FileHandle.standardError.write(Data("socket-bench: \(text)\n".utf8))
  }
}
