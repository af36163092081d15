import LarderCore
import LarderPlatform
import SystemPackage

/// Fails calls as a test says: a disk that is full, broken or short of breath.
final class Faults: FaultInjector {
  typealias Rule = @Sendable (FileCall, FilePath, Int) -> FileFault?

  private let rule = Locked<Rule?>(nil)
  private let counts = Locked<[FileCall: Int]>([:])

  var system: FileSystem { FileSystem(faults: self) }

  /// From now on this rule decides; nil lets everything through.
  func set(_ rule: Rule?) {
    self.rule.withLock { $0 = rule }
  }

  /// Fails every call of this kind on a segment.
  func fail(_ call: FileCall, _ errno: Errno) {
    set { made, path, _ in
      made == call && path.string.contains("segments") ? .fail(errno) : nil
    }
  }

  /// Calls of a kind that were asked for, failed ones included.
  func count(_ call: FileCall) -> Int { counts.withLock { $0[call, default: 0] } }

  func fault(in operation: FileOperation) -> FileFault? {
    counts.withLock { $0[operation.call, default: 0] += 1 }
    // Not under the lock: a rule may wait.
    return rule.withLock { $0 }?(operation.call, operation.path, operation.byteCount)
  }
}
