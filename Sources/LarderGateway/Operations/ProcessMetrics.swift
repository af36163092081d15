import LarderCore
import LarderMetrics
import LarderPlatform
import Logging

/// What the daemon's process is and takes.
struct ProcessMetrics: Measured {
  private static let build = MetricFamily.gauge(
    "larder_build_info", "Always 1; the version of the daemon that runs", by: "version")
  private static let uptime = MetricFamily.gauge(
    "larder_uptime_seconds", "How long the daemon has run")
  private static let descriptors = MetricFamily.gauge(
    "larder_process_open_descriptors", "Descriptors that the daemon has open")
  // As the kernel grants it (RLIMIT_NOFILE).
  private static let descriptorsMax = MetricFamily.gauge(
    "larder_process_descriptors_max", "Descriptors that it may have open")
  private static let threads = MetricFamily.gauge(
    "larder_process_threads", "Threads of the daemon")
  private static let resident = MetricFamily.gauge(
    "larder_process_resident_bytes", "Memory that is resident, what it shares with hosts included")
  private static let processorTime = MetricFamily.counter(
    "larder_process_cpu_seconds_total", "Processor time that the daemon took")

  let log: Logger
  private let started = ContinuousClock.now

  init(log: Logger) { self.log = log }

  func measure(into page: inout Exposition) {
    page.add(Self.build, 1, [LarderVersion.current])
    page.add(Self.uptime, ContinuousClock.now - started)
    do {
      let figures = try ProcessFigures()
      page.add(Self.descriptors, figures.descriptors)
      page.add(Self.descriptorsMax, try DescriptorLimit.current)
      page.add(Self.threads, figures.threads)
      page.add(Self.resident, figures.residentBytes)
      page.add(Self.processorTime, figures.processorTime)
    } catch {
      log.warning("the process was not measured", metadata: ["reason": "\(error)"])
    }
  }
}
