import LarderCore
import LarderPlatform

/// Makes durable what a store accepted, without anybody asking: when enough of it waits, or the
/// first of it has waited for `delay`.
///
/// Its thread starts with the first record that waits and ends with the store, which it does not
/// keep alive.
final class Committer: Sendable {
  private struct Life {
    var isStarted = false
    var isStopped = false
  }

  private let life = Locked(Life())
  private let alarm = Alarm()
  private let delay: Duration

  init(delay: Duration) { self.delay = delay }

  /// Something waits, or enough of it.
  func wake(_ store: Store) {
    let isFirst = life.withLock { life in
      defer { life.isStarted = true }
      return !life.isStarted && !life.isStopped
    }
    if isFirst {
      BackgroundThread.start(name: "larder-commit") { [weak store, self] in
        while awaitCommit(store?.isCommitDue) {
          guard let isDone = store?.commitWaiting() else { return }
          // What a full disk refused is tried again, after a while.
          if !isDone { awaitRetry() }
        }
      }
    }
    alarm.ring()
  }

  func stop() {
    life.withLock { $0.isStopped = true }
    alarm.ring()
  }

  /// Blocks until it is time.
  ///
  /// - Parameter isDue: asked once something waits, and whenever more does.
  /// - Returns: false at the end.
  private func awaitCommit(_ isDue: @autoclosure () -> Bool?) -> Bool {
    alarm.wait()
    let deadline = ContinuousClock.now + delay
    while isDue() == false, !isStopped, alarm.wait(atMost: .now.duration(to: deadline)) {}
    return !isStopped
  }

  private func awaitRetry() {
    _ = alarm.wait(atMost: delay)
    alarm.ring()
  }

  private var isStopped: Bool { life.withLock { $0.isStopped } }
}
