package import CoreMetrics
import LarderCore

/// What the daemon counts with by way of swift-metrics: the backend that keeps the numbers.
///
/// An instrument is made once, at the start, for each of its labels' values; from then on counting is
/// an atomic addition, and nobody looks anything up. What the store and the service know anyway is not
/// counted again: see `Measured`.
package final class Instruments: Sendable {
  private enum Series: Sendable {
    case count(CountSeries)
    case level(LevelSeries)
    case durations(DurationSeries)
  }

  private struct Block {
    let family: MetricFamily
    /// In the order in which they were made.
    var series: [(values: [String], series: Series)] = []
    var places: [[String]: Int] = [:]
  }

  private let blocks = Locked<[String: Block]>([:])

  package init() {}

  /// A counter of a family, for these values of its labels; the same one for the same values.
  package func counter(_ family: MetricFamily, _ values: String...) -> Counter {
    declare(family)
    return Counter(label: family.name, dimensions: Self.pairs(family, values), factory: self)
  }

  /// A level of a family.
  package func meter(_ family: MetricFamily, _ values: String...) -> Meter {
    declare(family)
    return Meter(label: family.name, dimensions: Self.pairs(family, values), factory: self)
  }

  /// A histogram of a family of durations.
  package func timer(_ family: MetricFamily, _ values: String...) -> Timer {
    declare(family)
    return Timer(label: family.name, dimensions: Self.pairs(family, values), factory: self)
  }

  private static func pairs(
    _ family: MetricFamily, _ values: [String]
  ) -> [(String, String)] {
    precondition(
      values.count == family.labels.count,
      "\(family.name) has \(family.labels.count) labels, not \(values.count)")
    return Array(zip(family.labels, values))
  }

  private func declare(_ family: MetricFamily) {
    blocks.withLock { blocks in
      if blocks[family.name] == nil { blocks[family.name] = Block(family: family) }
    }
  }

  /// The series of a family that was declared with this kind; nil for any other label, which nobody
  /// documents and nothing shows.
  private func series(
    _ label: String, _ kind: MetricFamily.Kind, _ dimensions: [(String, String)],
    _ make: @Sendable () -> Series
  ) -> Series? {
    blocks.withLock { blocks in
      guard var block = blocks[label], block.family.kind == kind else { return nil }
      let values = block.family.labels.map { name in
        dimensions.first { $0.0 == name }?.1 ?? ""
      }
      if let place = block.places[values] { return block.series[place].series }
      guard block.series.count < Exposition.seriesMax else { return nil }
      let series = make()
      block.places[values] = block.series.count
      block.series.append((values, series))
      blocks[label] = block
      return series
    }
  }
}

extension Instruments: MetricsFactory {
  /// Of a declared family; one that counts nothing for any other label.
  package func makeCounter(
    label: String, dimensions: [(String, String)]
  ) -> any CounterHandler {
    guard
      case .count(let series) = series(
        label, .counter, dimensions, { .count(CountSeries()) })
    else { return NOOPMetricsHandler.instance }
    return series
  }

  /// As `makeCounter`.
  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    guard
      case .level(let series) = series(label, .gauge, dimensions, { .level(LevelSeries()) })
    else { return NOOPMetricsHandler.instance }
    return series
  }

  /// As `makeMeter`: distributions are of durations only.
  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard !aggregate,
      case .level(let series) = series(label, .gauge, dimensions, { .level(LevelSeries()) })
    else { return NOOPMetricsHandler.instance }
    return series
  }

  /// As `makeCounter`.
  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    guard
      case .durations(let series) = series(
        label, .histogram, dimensions, { .durations(DurationSeries()) })
    else { return NOOPMetricsHandler.instance }
    return series
  }

  /// Does nothing: instruments live as long as the daemon.
  package func destroyCounter(_ handler: any CounterHandler) {}

  /// As `destroyCounter`.
  package func destroyRecorder(_ handler: any RecorderHandler) {}

  /// As `destroyCounter`.
  package func destroyTimer(_ handler: any TimerHandler) {}
}

extension Instruments: Measured {
  /// Adds all families, by name.
  package func measure(into page: inout Exposition) {
    let all = blocks.withLock { $0 }
    for (_, block) in all.sorted(by: { $0.key < $1.key }) {
      page.declare(block.family)
      for (values, series) in block.series {
        switch series {
        case .count(let count): page.add(block.family, count.value, values)
        case .level(let level): page.add(block.family, level.value, values)
        case .durations(let durations):
          let reading = durations.reading
          page.add(block.family, reading.counts, sum: reading.sumNanoseconds, values)
        }
      }
    }
  }
}
