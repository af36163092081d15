import LarderCore
package import LarderMetrics
import ServiceLifecycle

/// Whether the daemon was told to end.
///
/// A service that is told first, before the faces: so readiness says no while they still answer.
package final class Drain: ServiceLifecycle.Service {
  private let hasBegun = Locked(false)

  package init() {}

  package var isUnderWay: Bool { hasBegun.withLock { $0 } }

  /// Waits for the service group's shutdown and notes it.
  package func run() async throws {
    // Cancelled or told to end, it is over.
    try? await gracefulShutdown()
    hasBegun.withLock { $0 = true }
  }
}

extension Drain: Measured {
  private static let draining = MetricFamily.gauge(
    "larder_draining", "1 from the signal that ends the daemon on, 0 before")

  /// Adds whether it is under way.
  package func measure(into page: inout Exposition) {
    page.add(Self.draining, isUnderWay ? 1 : 0)
  }
}
