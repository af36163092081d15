import LarderCore
import LarderPlatform
import SystemPackage

/// One call that fails: the `number`th of its kind, then once or for good.
struct FailurePoint: Sendable, CustomStringConvertible {
  let call: FileCall
  /// From 1.
  let number: Int
  let errno: Errno
  let isPersistent: Bool

  static let errors: [Errno] = [
    .ioError, .noSpace, .tooManyOpenFiles, .interrupted, .resourceTemporarilyUnavailable,
    .noMemory,
  ]

  var description: String {
    "\(call) \(number) fails with \(errno.rawValue)\(isPersistent ? " for good" : "")"
  }
}

/// Fails calls as its point says, until it is lifted; counts all.
final class FailingDisk: FaultInjector {
  private struct State {
    var made: [FileCall: Int] = [:]
    var isLifted = false
    var struck = 0
  }

  let point: FailurePoint?
  private let state = Locked(State())

  /// - Parameter point: nil only counts.
  init(_ point: FailurePoint?) { self.point = point }

  /// How often each call was made.
  var calls: [FileCall: Int] { state.withLock(\.made) }
  /// How often it struck.
  var struck: Int { state.withLock(\.struck) }

  func lift() {
    state.withLock { $0.isLifted = true }
  }

  func fault(in operation: FileOperation) -> FileFault? {
    state.withLock { state in
      let number = state.made[operation.call, default: 0] + 1
      state.made[operation.call] = number
      guard let point, operation.call == point.call, !state.isLifted else { return nil }
      // A signal that interrupts every call for good does not exist: every other one is the worst.
      let isInterrupted = point.errno == .interrupted && (number - point.number) % 2 == 1
      guard number == point.number || point.isPersistent && number > point.number, !isInterrupted
      else { return nil }
      state.struck += 1
      return .fail(point.errno)
    }
  }
}
