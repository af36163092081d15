import BenchRig
import Foundation

/// Tables of ours beside each peer, and JSON of everything.
struct LoadReport: Encodable {
  struct Entry: Encodable {
    let cell: Cell
    let contenders: [String: Measurements.Contender]
  }

  let machine = Machine()
  var versions: [String: String] = [:]
  var entries: [Entry] = []

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: URL(filePath: path))
  }

  /// All tables, in Markdown.
  var text: String {
    let tools = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return """
      \(machine)
      \(tools.joined(separator: ", "))

      Each contender alone: microseconds a request (lowest to highest), of the server's and of the
      client's CPU, and latency.

      \(Table(contenderRows, separator: " | ").text)

      Ours over each peer: throughput, and the CPU that the peer's server takes for each CPU second of
      ours.

      \(Table(ratioRows, separator: " | ").text)
      """
  }

  private var contenderRows: [[String]] {
    let head = [
      "blob", "depth", "connections", "contender", "us/request", "server us", "client us", "p50 us",
      "p99 us", "p99.9 us", "goal",
    ]
    return [head, head.map { _ in "---" }]
      + entries.flatMap { entry in
        entry.contenders.sorted { $0.key < $1.key }.map { name, figures in
          let limit = Goal.serverMicroseconds(name, in: entry.cell)
          let goal = limit.map {
            String(
              format: "server <= %g us, %@", $0, figures.server.median <= $0 ? "met" : "not met")
          }
          return entry.cell.cells + [
            name, Self.text(figures.wall), Self.text(figures.server), Self.text(figures.client),
          ]
            + [0.5, 0.99, 0.999].map {
              String(format: "%.1f", figures.latencies.microseconds(at: $0))
            } + [goal ?? ""]
        }
      }
  }

  private var ratioRows: [[String]] {
    let head = [
      "blob", "depth", "connections", "ours", "peer", "throughput", "server CPU", "goal",
    ]
    var rows = [head, head.map { _ in "---" }]
    for entry in entries {
      for (ours, own) in entry.contenders.sorted(by: { $0.key < $1.key }) {
        guard ours.hasPrefix("larder") else { continue }
        for (peer, other) in entry.contenders.sorted(by: { $0.key < $1.key }) {
          let isOwn = peer.hasPrefix("larder")
          if isOwn, ours == "larder" || peer != "larder" { continue }
          let throughput = other.wall.ratio(to: own.wall)
          let goal = Goal.ratio(ours, over: peer, in: entry.cell).map {
            String(format: "%g, %@", $0, throughput.median >= $0 ? "met" : "not met")
          }
          rows.append(
            entry.cell.cells + [
              ours, peer, Self.text(throughput), Self.text(other.server.ratio(to: own.server)),
              goal ?? "",
            ])
        }
      }
    }
    return rows
  }

  private static func text(_ series: Series) -> String {
    let digits = series.median < 10 ? 2 : series.median < 100 ? 1 : 0
    return String(
      format: "%.*f (%.*f-%.*f)", digits, series.median, digits, series.min, digits, series.max)
  }
}

extension Cell {
  fileprivate var cells: [String] { [sizeText, "\(depth)", "\(connections)"] }
}
