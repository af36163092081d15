import CoreMetrics
package import FoundationEssentials
import LarderCore
package import LarderMetrics
package import LarderPlatform
package import Logging
package import SystemPackage

/// One line of JSON for each answer of the gateway, in a file or on standard output.
///
/// ```
///   answers ──> queue (bounded) ──> a thread of its own ──> file
///                  └── full: dropped, and counted
/// ```
///
/// Nobody waits for the disk: an answer is queued or dropped. What is queued goes out in one write.
package final class AccessLog: Sendable {
  /// Lines that wait: a second of 4,000 answers, some 2 MiB.
  static let waitingMax = 4_096

  private static let dropped = MetricFamily.counter(
    "larder_gateway_log_dropped_total",
    "Lines of the access log that were not written, because the file took too long or no more")

  private struct State {
    var waiting: [AccessLine] = []
    var isDue = false
    /// Whether the file is to be opened anew before the next line.
    var isMoved = false
    var isFailing = false
  }

  private let path: FilePath?
  private let file: Locked<AppendedFile>
  private let writer: WorkerPool
  private let state = Locked(State())
  private let dropped: Counter
  private let log: Logger
  private let now: @Sendable () -> Date

  /// Opens the file, made with mode 0600 if there is none.
  ///
  /// - Parameters:
  ///   - path: nil for standard output.
  ///   - writer: one thread with room for one job; the owner closes it after `close`.
  package init(
    at path: FilePath?, instruments: Instruments, log: Logger,
    now: @escaping @Sendable () -> Date = { Date() }
  ) throws(SystemCallError) {
    self.path = path
    self.log = log
    self.now = now
    file = Locked(try AppendedFile(at: path))
    writer = WorkerPool(name: "larder-log", threadCount: 1, queueMax: 1)
    dropped = instruments.counter(Self.dropped)
  }

  /// Has the file opened anew before the next line: the one that was open has another name now.
  package func reopen() {
    state.withLock { $0.isMoved = true }
    wake()
  }

  /// Writes what waits, and ends the thread. Blocks on the disk.
  package func close() { writer.close() }

  /// Queues a line, or drops it; never waits.
  func note(_ answer: Answer) {
    let line = AccessLine(answer, at: now())
    let isTaken = state.withLock { state in
      guard state.waiting.count < Self.waitingMax else { return false }
      state.waiting.append(line)
      return true
    }
    if isTaken { wake() } else { dropped.increment() }
  }

  private func wake() {
    let wasDue = state.withLock { state in
      defer { state.isDue = true }
      return state.isDue
    }
    guard !wasDue else { return }
    // Refused only when the log is closed: nothing is written any more.
    if !writer.submit({ self.write() }) { state.withLock { $0.isDue = false } }
  }

  private func write() {
    let (lines, isMoved) = state.withLock { state in
      defer { (state.waiting, state.isDue, state.isMoved) = ([], false, false) }
      return (state.waiting, state.isMoved)
    }
    let text = lines.reduce(into: [UInt8]()) { $0 += $1.json }
    do throws(SystemCallError) {
      if isMoved {
        let opened = try AppendedFile(at: path)
        file.withLock { $0 = opened }
      }
      let current = file.withLock { $0 }
      if !text.isEmpty { try current.append(text) }
      state.withLock { $0.isFailing = false }
    } catch {
      dropped.increment(by: lines.count)
      let wasFailing = state.withLock { state in
        defer { state.isFailing = true }
        return state.isFailing
      }
      if !wasFailing {
        log.warning("the access log is not written", metadata: ["reason": "\(error)"])
      }
    }
  }
}
