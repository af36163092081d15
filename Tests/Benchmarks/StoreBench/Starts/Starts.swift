import BenchRig
import Foundation
import Glibc
import LarderStore
import SystemPackage

/// How long a process takes from its start to its first right answer, and how much memory a chunk
/// costs it.
struct Starts {
  /// Chunks in the store.
  let chunks: Int
  let store: FilePath
  private(set) var clean = Series()
  private(set) var killed = Series()
  private(set) var residentBytesPerChunk = Series()

  /// One less than the store syncs by itself: the longest tail of tiny records there can be.
  private static let unsynced = Store.Options().unsyncedRecordsMax - 1

  init(chunks: Int, store: FilePath) {
    self.chunks = chunks
    self.store = store
  }

  /// Measures a store, which is filled first if it is not there.
  static func measure(
    _ path: FilePath, chunks: Int, rounds: Int, seed: UInt64
  ) throws -> Starts {
    let base = Starts(chunks: 1, store: path.removingLastComponent().appending("one-chunk"))
    for starts in [base, Starts(chunks: chunks, store: path)] { try starts.fill() }
    var random = SplitMix(seed: seed)
    var starts = Starts(chunks: chunks, store: path)
    for _ in 0..<rounds {
      try starts.measure(&random, baseBytes: try base.answer(0).residentBytes)
    }
    return starts
  }

  private func fill() throws {
    let isThere = FileManager.default.fileExists(atPath: store.string)
    let store = try Store.open(store)
    if !isThere { try Fill.put(0..<chunks, into: store, threads: Threads.available) }
    try store.close()
  }

  /// A start after a clean stop, and one after SIGKILL with a tail as long as it gets.
  mutating func measure(_ random: inout SplitMix, baseBytes: Int) throws {
    let report = try answer(random.below(chunks))
    clean.add(report.answerSeconds)
    residentBytesPerChunk.add(Double(report.residentBytes - baseBytes) / Double(chunks))
    // Numbers far from those of other rounds: a chunk that is there already leaves no tail.
    let tail = chunks + random.below(1 << 40)
    let child = try Child(
      Child.itself,
      ["linger", store.string, "--from", "\(tail)", "--chunks", "\(Starts.unsynced)"])
    try child.line()
    child.kill(SIGKILL)
    let isFromTail = random.below(2) == 0
    killed.add(
      try answer(isFromTail ? tail + random.below(Starts.unsynced) : random.below(chunks))
        .answerSeconds)
  }

  /// One start; the chunk with this number must come back right.
  func answer(_ chunk: Int) throws -> AnswerCommand.Report {
    let output = try Child.run(
      Child.itself,
      ["answer", store.string, "--chunk", "\(chunk)", "--since", "\(Monotonic.nanoseconds)"]
    ).output
    return try JSONDecoder().decode(AnswerCommand.Report.self, from: Data(output))
  }

  /// The goals are 50 ms at a million chunks and 100 ms at ten, and 32 bytes a chunk.
  var figures: [Figure] {
    let goals: [Int: Double] = [1_000_000: 50, 10_000_000: 100]
    func line(_ what: String, _ seconds: Series) -> Figure {
      Figure(
        what: "\(what), \(chunks) chunks", unit: "ms", ours: seconds.scaled(by: 1e3),
        goal: goals[chunks].map { .atMost($0) })
    }
    return [
      line("start to first answer after a clean stop", clean),
      line("start to first answer after SIGKILL", killed),
      Figure(
        what: "resident memory of a chunk, \(chunks) chunks", unit: "B",
        ours: residentBytesPerChunk, goal: chunks < 1_000_000 ? nil : .atMost(32)),
    ]
  }
}
