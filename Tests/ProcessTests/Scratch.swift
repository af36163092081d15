import Foundation
import LarderCore

/// A folder of its own for one test, mode 0700, removed at the end.
final class Scratch: Sendable {
  private let folder: URL

  init() throws {
    // Short: a socket's path has 107 bytes at most.
    folder = URL(filePath: NSTemporaryDirectory())
      .appending(path: "larder-p-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit {
    // What cannot be removed stays in the system's temporary folder.
    try? FileManager.default.removeItem(at: folder)
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Writes a file, making the folders above it.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }
}

/// Runs what blocks on a thread of its own: the other tests need the cooperative pool. It stays the
/// test's task, so that what is recorded there is known to be this test's.
func blocking<Result: Sendable>(
  _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withTaskExecutorPreference(ThreadForEach()) { try await elsewhere(body) }
}

@concurrent
private func elsewhere<Result: Sendable>(
  _ body: @escaping @Sendable () throws -> Result
) async throws -> Result { try body() }

/// A thread for each job.
private final class ThreadForEach: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread { [self] in
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}

/// Runs `body` for each number below `count`, each on a thread of its own, and waits for all.
func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
  let failures = Locked<[any Error]>([])
  let group = DispatchGroup()
  for number in 0..<count {
    group.enter()
    Thread.detachNewThread {
      do { try body(number) } catch { failures.withLock { $0.append(error) } }
      group.leave()
    }
  }
  group.wait()
  if let failure = failures.withLock(\.first) { throw failure }
}

/// Something that threads wait for until it is opened, for ever after.
final class Gate: Sendable {
  private let condition = NSCondition()
  private let isOpen = Locked(false)

  var isOpened: Bool { isOpen.withLock { $0 } }

  func open() {
    condition.lock()
    isOpen.withLock { $0 = true }
    condition.broadcast()
    condition.unlock()
  }

  func wait() {
    condition.lock()
    while !isOpened { condition.wait() }
    condition.unlock()
  }
}

/// Random numbers that come out the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// So many bytes, which LZ4 does not shorten.
  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      withUnsafeBytes(of: next()) { bytes.append(contentsOf: $0) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
