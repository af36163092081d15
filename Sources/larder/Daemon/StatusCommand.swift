import ArgumentParser
import LarderClient
import LarderCore
import LarderMessages
import LarderWire

/// `larder status`: what the daemon is, holds and has fetched.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what the daemon holds and has fetched.",
    discussion: "Exits with 69 if no daemon answers.")

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let client = try connection.connect()
    let statistics: StatisticsMessage = try client.control(.stats)
    let status = StatusDocument(
      server: client.hello.server, socket: client.socketPath, statistics: statistics)
    if connection.json {
      try Console.write(json: status)
    } else {
      try Console.write(status.lines)
    }
  }
}

/// What `larder status` prints.
struct StatusDocument: Encodable {
  /// How much less is stored than arrived.
  struct Ratios: Encodable {
    /// Bytes of blobs to the bytes that their records take; nil for an empty store.
    let compression: Double?
    /// Bytes that arrived to bytes that were new; counts repeats since the daemon started.
    let deduplication: Double?
  }

  let version: String
  let server: String
  let socket: String
  let ratios: Ratios
  private(set) var statistics: StatisticsMessage
  private let hasConsole: Bool

  init(server: String, socket: String, statistics: StatisticsMessage) {
    let store = statistics.store
    version = LarderVersion.current
    self.server = server
    self.socket = socket
    // Its key is told on demand only: what this prints is passed on.
    self.statistics = statistics
    self.statistics.consoles = nil
    hasConsole = statistics.consoles != nil
    ratios = Ratios(
      compression: Self.ratio(store.logicalBytes, store.storedBytes),
      deduplication: statistics.machine.flatMap {
        Self.ratio(store.logicalBytes + $0.deduplicatedBytes, store.logicalBytes)
      })
  }

  private enum CodingKeys: CodingKey {
    case version, server, socket, ratios, statistics
  }

  /// What is held, what was fetched, and what all realms hold where the daemon tells it.
  var lines: String {
    let store = statistics.store
    let origin = statistics.origin
    var table = Table()
    table.add("daemon", server)
    table.add("socket", socket)
    table.add("realm", statistics.realm)
    for gateway in statistics.gateways ?? [] { table.add("gateway", gateway) }
    if hasConsole { table.add("console", "larder console") }
    table.add("uptime", Self.duration(seconds: statistics.uptimeSeconds))
    if let connections = statistics.machine?.connections {
      table.add(
        "connections",
        "\(connections.open) open, \(connections.accepted) accepted, "
          + "\(connections.malformed) malformed")
    }
    var held = Table(indentation: 2)
    held.add("blobs", "\(store.blobs) in \(store.chunks) chunks")
    held.add("content", Self.size(store.logicalBytes))
    held.add(
      "stored", "\(Self.size(store.storedBytes)), compression \(Self.text(ratios.compression))")
    held.add("on disk", "\(Self.size(store.diskBytes)) of \(Self.size(store.quotaBytes))")
    let memory = statistics.memory
    held.add(
      "in memory",
      "\(Self.size(memory.residentBytes)), \(memory.hits) of \(memory.hits + memory.misses) reads "
        + "since the start")
    var fetched = Table(indentation: 2)
    fetched.add("requests", "\(origin.requests), and \(origin.revalidations) not modified")
    fetched.add("planned", Self.size(origin.plannedBytes))
    fetched.add("background", Self.size(origin.backgroundBytes))
    fetched.add("descriptions", Self.size(origin.descriptionBytes))
    fetched.add("ensured", Self.size(origin.ensuredBytes))
    fetched.add("refetched", "\(Self.size(origin.refetchedBytes)) that had failed a check")
    fetched.add("coalesced", "\(origin.coalesced) requests waited for another's fetch")
    fetched.add("failures", "\(origin.failures)")
    return table.lines + "store\n" + held.lines + "origins, since the start\n" + fetched.lines
      + (statistics.machine.map(machineLines) ?? "")
  }

  /// A third table: what all realms hold together.
  private func machineLines(_ machine: StatisticsMessage.Machine) -> String {
    var table = Table(indentation: 2)
    table.add(
      "on disk",
      "\(Self.size(machine.diskBytes)) of \(Self.size(machine.quotaBytes)), databases included, "
        + "\(machine.segments) segments")
    table.add(
      "repeated",
      "\(Self.size(machine.deduplicatedBytes)) since the start, deduplication "
        + Self.text(ratios.deduplication))
    table.add(
      "evicted",
      "\(machine.evictedSegments) segments since the start, \(Self.size(machine.movedBytes)) moved")
    table.add(
      "damaged",
      "\(machine.damagedRecords) records since the start, last scrub "
        + (machine.lastScrub.map { UTCTime.text(seconds: $0) } ?? "never"))
    if machine.failedSegments > 0 {
      table.add(
        "DEGRADED",
        "the disk failed \(machine.failedSegments) syncs since the start: look into the kernel's log"
      )
    }
    return "all realms\n" + table.lines
  }

  /// `3 d 4 h`, `2 min 5 s`: the two largest units.
  static func duration(seconds: Int64) -> String {
    let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
    guard let first = units.firstIndex(where: { seconds >= $0.0 }) else { return "0 s" }
    var rest = seconds
    return units[first..<min(first + 2, units.count)].map { unit in
      defer { rest %= unit.0 }
      return "\(rest / unit.0) \(unit.1)"
    }.joined(separator: " ")
  }

  private static func size(_ bytes: Int64) -> String { ByteCount(max(bytes, 0)).description }

  /// In hundredths, which is as much as a reader compares.
  private static func ratio(_ part: Int64, _ whole: Int64) -> Double? {
    whole > 0 ? (Double(part) / Double(whole) * 100).rounded() / 100 : nil
  }

  private static func text(_ ratio: Double?) -> String { ratio.map { "\($0)x" } ?? "-" }
}
