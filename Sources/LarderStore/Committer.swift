import LarderCore
import LarderPlatform

/// Makes durable what a store accepted, without anybody asking: when enough of it waits, or the
/// first of it has waited for `delay`.
///
/// Its thread starts with the first record that waits and ends with the store, which it does not
/// keep alive while it waits.
final class Committer: Sendable {
  enum Reason {
    /// Something waits where nothing did.
    case first
    /// So much waits that it is worth a sync.
    case enough
  }

  private struct Life {
    var isStarted = false
    var isStopped = false
    var isDue = false
  }

  private let life = Locked(Life())
  private let alarm = Alarm()
  private let delay: Duration

  init(delay: Duration) { self.delay = delay }

  func wake(_ store: Store, for reason: Reason) {
    let isFirst = life.withLock { life in
      defer { life.isStarted = true }
      if reason == .enough { life.isDue = true }
      return !life.isStarted && !life.isStopped
    }
    if isFirst {
      BackgroundThread.start(name: "larder-commit") { [weak store, self] in
        while awaitCommit() {
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
  /// - Returns: false at the end.
  private func awaitCommit() -> Bool {
    alarm.wait()
    let deadline = ContinuousClock.now + delay
    while isIdle, alarm.wait(atMost: deadline - ContinuousClock.now) {}
    return life.withLock { life in
      life.isDue = false
      return !life.isStopped
    }
  }

  private func awaitRetry() {
    _ = alarm.wait(atMost: delay)
    alarm.ring()
  }

  /// No reason yet to go on before the delay is over.
  private var isIdle: Bool { life.withLock { !$0.isDue && !$0.isStopped } }
}
