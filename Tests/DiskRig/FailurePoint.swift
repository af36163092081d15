import LarderCore
package import LarderPlatform
package import SystemPackage

/// One call that fails: the `number`th of its kind, then once or for good.
package struct FailurePoint: Sendable, CustomStringConvertible {
  package let call: FileCall
  /// From 1.
  let number: Int
  package let errno: Errno
  let isPersistent: Bool

  private static let errors: [Errno] = [
    .ioError, .noSpace, .tooManyOpenFiles, .interrupted, .resourceTemporarilyUnavailable,
    .noMemory,
  ]

  /// All points of some work, in an order drawn by the seed, so that some of them have each kind in
  /// proportion: each kind of call, each time it is made, each error, once and for good.
  ///
  /// - Parameter calls: how often the work makes each call when none fails.
  package static func grid(_ calls: [FileCall: Int], seed: UInt64) -> [FailurePoint] {
    var random = Seeded(seed)
    return FileCall.allCases.flatMap { call in
      (0..<calls[call, default: 0]).flatMap { number in
        errors.flatMap { errno in
          [false, true].map { isPersistent in
            FailurePoint(
              call: call, number: number + 1, errno: errno, isPersistent: isPersistent)
          }
        }
      }
    }.shuffled(using: &random)
  }

  package var description: String {
    "\(call) \(number) fails with \(errno.rawValue)\(isPersistent ? " for good" : "")"
  }
}

/// Fails calls as its point says, until it is lifted; counts all.
package final class FailingDisk: FaultInjector {
  private struct State {
    var made: [FileCall: Int] = [:]
    var isLifted = false
  }

  package let point: FailurePoint?
  private let state = Locked(State())

  /// - Parameter point: nil only counts.
  package init(_ point: FailurePoint?) { self.point = point }

  /// How often each call was made.
  package var calls: [FileCall: Int] { state.withLock(\.made) }

  package func lift() {
    state.withLock { $0.isLifted = true }
  }

  package func fault(in operation: FileOperation) -> FileFault? {
    state.withLock { state in
      let number = state.made[operation.call, default: 0] + 1
      state.made[operation.call] = number
      guard let point, operation.call == point.call, !state.isLifted else { return nil }
      // A signal that interrupts every call for good does not exist: every other one is the worst.
      let isInterrupted = point.errno == .interrupted && (number - point.number) % 2 == 1
      guard number == point.number || point.isPersistent && number > point.number, !isInterrupted
      else { return nil }
      return .fail(point.errno)
    }
  }
}
