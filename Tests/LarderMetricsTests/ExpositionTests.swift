import CoreMetrics
import MetricsRig
import Testing

@testable import LarderMetrics

@Suite("The page of metrics")
struct ExpositionTests {
  private static let blobs = MetricFamily.gauge("larder_blobs", "Blobs\nof \\all\\", by: "realm")
  private static let puts = MetricFamily.counter("larder_puts_total", "Puts")
  private static let times = MetricFamily.durations("larder_put_seconds", "Time of puts", by: "ack")

  @Test("is what the format says, to the letter")
  func text() {
    var page = Exposition()
    page.add(Self.blobs, 3, ["a\"b\\c\nd"])
    page.add(Self.puts, .milliseconds(1_250))
    page.add(Self.blobs, -1, ["default"])
    #expect(
      page.text == """
        # HELP larder_blobs Blobs\\nof \\\\all\\\\
        # TYPE larder_blobs gauge
        larder_blobs{realm="a\\"b\\\\c\\nd"} 3
        larder_blobs{realm="default"} -1
        # HELP larder_puts_total Puts
        # TYPE larder_puts_total counter
        larder_puts_total 1.25
        # HELP larder_metrics_dropped_series Series that this page leaves out, because a family has too many
        # TYPE larder_metrics_dropped_series gauge
        larder_metrics_dropped_series 0

        """)
  }

  @Test("shows a family without series, and what a strict reader makes of it is what was added")
  func read() throws {
    let instruments = Instruments()
    let timer = instruments.timer(Self.times, "durable")
    for time in [Duration.microseconds(250), .microseconds(251), .seconds(31), .zero] {
      timer.record(time)
    }
    instruments.counter(Self.puts).increment(by: 7)
    var page = Exposition()
    page.declare(Self.blobs)
    instruments.measure(into: &page)
    let scraped = try ScrapedPage(page.text)
    #expect(
      scraped.families.map(\.name) == [
        "larder_blobs", "larder_put_seconds", "larder_puts_total", "larder_metrics_dropped_series",
      ])
    #expect(scraped.value("larder_puts_total") == 7)
    func bucket(_ bound: String) -> Double? {
      scraped.value("larder_put_seconds_bucket", ["ack": "durable", "le": bound])
    }
    #expect(bucket("0.00025") == 2 && bucket("0.0005") == 3)
    #expect(bucket("30") == 3 && bucket("+Inf") == 4)
    #expect(scraped.value("larder_put_seconds_sum", ["ack": "durable"]) == 31.000501)
    #expect(scraped.families.first { $0.name == "larder_put_seconds" }?.labels == ["ack"])
  }

  @Test("holds so many series of a family and tells of those beyond")
  func bound() throws {
    var page = Exposition()
    for number in 0...Exposition.seriesMax { page.add(Self.blobs, 1, ["\(number)"]) }
    let scraped = try ScrapedPage(page.text)
    #expect(scraped.sum("larder_blobs") == Double(Exposition.seriesMax))
    #expect(scraped.value("larder_metrics_dropped_series") == 1)
  }

  @Test(
    "is not read where anything about it is wrong",
    arguments: [
      "# HELP a A\n# TYPE a gauge\na 1", "a 1\n", "# HELP a A\na 1\n",
      "# HELP a A\n# TYPE a gauge\na 1\na 1\n", "# HELP a A\n# TYPE a counter\na 1\n",
      "# HELP a A\n# TYPE a gauge\na{b=\"1\" 1\n", "# HELP a A\n# TYPE a gauge\na{b=\"\\x\"} 1\n",
      "# HELP a A\n# TYPE a gauge\na nan\n", "# HELP a A\n# TYPE a gauge\na{} 1\n",
      "# HELP a A\n# TYPE a gauge\na{b=\"1\",b=\"2\"} 1\n", "# HELP a A\n# TYPE a gauge\nb 1\n",
      "# HELP a A\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n",
      "# HELP a A\n# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n",
    ])
  func malformed(_ text: String) {
    #expect(throws: ScrapedPage.Malformed.self) { try ScrapedPage(text) }
  }
}
