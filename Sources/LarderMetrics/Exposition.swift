/// Figures of one moment as text that Prometheus reads: its exposition format 0.0.4.
///
/// ```
/// # HELP larder_store_disk_bytes Bytes that all files of the store take
/// # TYPE larder_store_disk_bytes gauge
/// larder_store_disk_bytes 1048576
/// ```
package struct Exposition: Sendable {
  /// What the text is, as `Content-Type` says it.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// Series of one family: a thousand realms, or twenty statuses of fifty routes. Those beyond are
  /// left out and counted.
  package static let seriesMax = 1_024

  /// Series that were left out.
  package static let dropped = MetricFamily.gauge(
    "larder_metrics_dropped_series",
    "Series that this page leaves out, because a family has too many")

  private struct Block {
    let family: MetricFamily
    var lines = ""
    var count = 0
  }

  /// In the order in which they were mentioned first.
  private var blocks: [Block] = []
  private var places: [String: Int] = [:]
  private var droppedCount = 0

  package init() {}

  /// Shows a family even if it has no series at the moment.
  package mutating func declare(_ family: MetricFamily) { _ = place(of: family) }

  /// Adds a series.
  ///
  /// - Parameter values: of the family's labels, in their order.
  package mutating func add(
    _ family: MetricFamily, _ value: some BinaryInteger, _ values: [String] = []
  ) {
    add(family, text: "\(value)", values)
  }

  /// Adds a series whose value is a time in seconds.
  package mutating func add(
    _ family: MetricFamily, _ time: Duration, _ values: [String] = []
  ) {
    add(family, text: Self.seconds(time), values)
  }

  /// Adds a histogram.
  ///
  /// - Parameters:
  ///   - counts: by `DurationBuckets`, each bucket for itself.
  ///   - sum: nanoseconds.
  mutating func add(
    _ family: MetricFamily, _ counts: [Int64], sum: Int64, _ values: [String]
  ) {
    guard let place = room(family, values) else { return }
    let labels = Self.pairs(family.labels, values)
    var lines = ""
    var total: Int64 = 0
    for (index, count) in counts.enumerated() {
      total += count
      let bound =
        index < DurationBuckets.bounds.count
        ? Self.seconds(.nanoseconds(DurationBuckets.bounds[index])) : "+Inf"
      lines +=
        "\(family.name)_bucket{\((labels + ["le=\"\(bound)\""]).joined(separator: ","))} \(total)\n"
    }
    let set = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    lines += "\(family.name)_sum\(set) \(Self.seconds(.nanoseconds(sum)))\n"
    lines += "\(family.name)_count\(set) \(total)\n"
    blocks[place].lines += lines
  }

  /// The whole text, which ends with a line feed.
  package var text: String {
    var page = self
    page.add(Self.dropped, droppedCount)
    return page.blocks.map { block in
      let help = Self.escaped(block.family.help, quotes: false)
      return "# HELP \(block.family.name) \(help)\n"
        + "# TYPE \(block.family.name) \(block.family.kind.rawValue)\n" + block.lines
    }.joined()
  }

  private mutating func add(_ family: MetricFamily, text: String, _ values: [String]) {
    guard let place = room(family, values) else { return }
    let labels = Self.pairs(family.labels, values)
    let set = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    blocks[place].lines += "\(family.name)\(set) \(text)\n"
  }

  /// Where a further series of the family goes; nil where there is no room for it.
  private mutating func room(_ family: MetricFamily, _ values: [String]) -> Int? {
    precondition(
      values.count == family.labels.count,
      "\(family.name) has \(family.labels.count) labels, not \(values.count)")
    let place = place(of: family)
    guard blocks[place].count < Self.seriesMax else {
      droppedCount += 1
      return nil
    }
    blocks[place].count += 1
    return place
  }

  private mutating func place(of family: MetricFamily) -> Int {
    if let place = places[family.name] { return place }
    places[family.name] = blocks.count
    blocks.append(Block(family: family))
    return blocks.count - 1
  }

  private static func pairs(_ labels: [String], _ values: [String]) -> [String] {
    zip(labels, values).map { "\($0)=\"\(escaped($1, quotes: true))\"" }
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  /// With as many digits as it takes, of nine at most.
  private static func seconds(_ time: Duration) -> String {
    let (seconds, attoseconds) = time.components
    let nanoseconds = attoseconds / 1_000_000_000
    guard nanoseconds != 0 else { return "\(seconds)" }
    guard seconds >= 0, nanoseconds > 0 else { return "\(time / .seconds(1))" }
    let digits = String(nanoseconds)
    var fraction = String(repeating: "0", count: 9 - digits.count) + digits
    while fraction.last == "0" { fraction.removeLast() }
    return "\(seconds).\(fraction)"
  }
}
