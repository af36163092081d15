import LarderCore
import LarderRegistry
import LarderStore
import Logging

extension Service {
  /// Time between two looks at whether a scrub is due: the clock of the wall may be set, and a
  /// check that somebody runs is waited for that long.
  static let scrubLookInterval = Duration.seconds(3600)

  /// Scrubs the store whenever the last scrub ended `interval` ago, until the task is cancelled; a
  /// scrub that is cut off goes on at the next start.
  ///
  /// - Parameters:
  ///   - interval: nil for never.
  ///   - sleep: waits between looks.
  func keepScrubbed(
    every interval: Duration?, sleep: @Sendable (Duration) async throws -> Void
  ) async {
    do throws(ServiceError) {
      let time = try await content.run { (store) throws(StoreError) in try store.lastScrub() }
      lastScrub.withLock { $0 = time }
    } catch {
      log.warning("when the last scrub ended is not known", metadata: ["reason": "\(error)"])
    }
    guard let interval else { return }
    while true {
      let now = registry.now()
      // An end that lies ahead was written by a clock that was wrong.
      let ended = lastScrub.withLock { $0 }.flatMap { $0 > now ? nil : $0 }
      let rest = ended.map { .seconds($0 - now) + interval } ?? Duration.zero
      if rest <= .zero, await scrub() { continue }
      let pause = rest <= .zero ? Self.scrubLookInterval : min(rest, Self.scrubLookInterval)
      // Cancelled when the daemon ends.
      do { try await sleep(pause) } catch { return }
    }
  }

  /// - Returns: whether it came to its end.
  private func scrub() async -> Bool {
    do throws(ServiceError) {
      let report = try await checks.run(.scrub, of: content) { (_) async throws(ServiceError) in }
      if report.isWhole { try await noteScrub() }
      let progress = report.progress
      log.log(
        level: progress.findings > report.repaired ? .warning : .info, "store scrubbed",
        metadata: [
          "records": "\(progress.records)", "findings": "\(progress.findings)",
          "mended": "\(report.repaired)", "whole": "\(report.isWhole)",
        ])
      return report.isWhole
    } catch {
      log.info("the store was not scrubbed", metadata: ["reason": "\(error)"])
      return false
    }
  }

  /// Writes down that a scrub came to its end.
  func noteScrub() async throws(ServiceError) {
    let now = registry.now()
    lastScrub.withLock { $0 = now }
    try await content.run { (store) throws(StoreError) in try store.noteScrub(at: now) }
  }
}
