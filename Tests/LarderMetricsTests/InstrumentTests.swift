import CoreMetrics
import MetricsRig
import Testing

@testable import LarderMetrics

@Suite("Instruments")
struct InstrumentTests {
  private static let gets = MetricFamily.counter("larder_gets_total", "Gets", by: "verb")
  private static let open = MetricFamily.gauge("larder_open", "Open")

  private func page(_ instruments: Instruments) throws -> ScrapedPage {
    var page = Exposition()
    instruments.measure(into: &page)
    return try ScrapedPage(page.text)
  }

  @Test("of the same values are one, whoever made them")
  func same() throws {
    let instruments = Instruments()
    instruments.counter(Self.gets, "get").increment()
    instruments.counter(Self.gets, "get").increment(by: 2)
    instruments.counter(Self.gets, "has").increment()
    Counter(label: "larder_gets_total", dimensions: [("verb", "get")], factory: instruments)
      .increment()
    let page = try page(instruments)
    #expect(page.value("larder_gets_total", ["verb": "get"]) == 4)
    #expect(page.value("larder_gets_total", ["verb": "has"]) == 1)
  }

  @Test("that nobody declared count nothing")
  func undeclared() throws {
    let instruments = Instruments()
    Counter(label: "other", factory: instruments).increment()
    instruments.counter(Self.gets, "get").increment()
    // Of another kind than its family.
    Timer(label: "larder_gets_total", factory: instruments).recordNanoseconds(1)
    #expect(
      try page(instruments).families.map(\.name) == [
        "larder_gets_total", "larder_metrics_dropped_series",
      ])
  }

  @Test("are bounded in number; those beyond count nothing")
  func bound() throws {
    let instruments = Instruments()
    for number in 0...Exposition.seriesMax {
      instruments.counter(Self.gets, "\(number)").increment()
    }
    #expect(try page(instruments).sum("larder_gets_total") == Double(Exposition.seriesMax))
  }

  @Test("count whatever many threads add")
  func concurrent() async throws {
    let instruments = Instruments()
    let (counter, meter) = (instruments.counter(Self.gets, "get"), instruments.meter(Self.open))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 {
            counter.increment()
            meter.increment(by: 2)
            meter.decrement()
          }
        }
      }
    }
    let page = try page(instruments)
    #expect(page.sum("larder_gets_total") == 8_000 && page.value("larder_open") == 8_000)
  }
}
