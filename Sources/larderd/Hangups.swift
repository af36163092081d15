import ServiceLifecycle
import UnixSignals

/// Does what a SIGHUP asks for, each time one comes; without it the signal would end the daemon.
struct Hangups: ServiceLifecycle.Service {
  let action: @Sendable () async -> Void

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sighup)
    for await _ in signals.cancelOnGracefulShutdown() { await action() }
  }
}
