import LarderCore

/// Kills a daemon at a step of the work that others count.
final class Killer: Sendable {
  private let daemon: DaemonProcess
  private let left: Locked<Int>

  init(daemon: DaemonProcess, after steps: Int) {
    self.daemon = daemon
    left = Locked(steps)
  }

  /// Counts a step; the one at which the count ends is the daemon's last.
  func step() {
    let isLast = left.withLock { left in
      left -= 1
      return left == 0
    }
    if isLast { daemon.strike() }
  }

  func strike() { daemon.strike() }
}
