import BenchRig
import CLZ4
import Crypto
import Foundation
import LarderCore
import LarderPlatform
import LarderStore
import SystemPackage

/// What storing one file consists of, each part measured alone over a whole corpus.
///
/// Parts that any thread may do run on all of them at a time, so that the figure knows of shared
/// caches and of hyperthreads; what one writer does runs on one.
struct Stages {
  /// Seconds that each part takes for the whole corpus.
  struct Seconds {
    /// Of the corpus as one blob: files of 16 KiB are not cut, so no ingest of them pays for it.
    var cut = Series()
    var read = Series()
    var hash = Series()
    var compress = Series()
    var checksum = Series()
    var write = Series()
    var sync = Series()
    var index = Series()
  }

  let corpus: Corpus
  /// A folder for files that go away again, on the disk that is measured.
  let scratch: FilePath
  let threads: Int
  private(set) var seconds = Seconds()
  /// Seconds that a whole ingest takes, in this process.
  private(set) var ingest = Series()
  private(set) var bytes = 0

  init(corpus: Corpus, scratch: FilePath, threads: Int) {
    self.corpus = corpus
    self.scratch = scratch
    self.threads = threads
  }

  /// Measures every part, and an ingest between them, once more.
  mutating func measure() throws {
    let memory = try Memory(corpus)
    bytes = memory.byteCount
    measureCut(memory)
    try measureThreads(memory)
    try measureDisk(memory)
    try measureIngest()
  }

  /// No ingest can take less: all threads are at work all the time, or the one writer is.
  var boundSeconds: Double { max(threadsSeconds, writerSeconds) }

  /// If every part were spread over all threads without a gap.
  var threadsSeconds: Double {
    seconds.read.median + seconds.hash.median + seconds.compress.median + seconds.checksum.median
      + (seconds.write.median + seconds.index.median) / Double(threads)
  }

  /// What one after the other has to do: writing, syncing, telling the index.
  var writerSeconds: Double {
    seconds.write.median + seconds.sync.median + seconds.index.median
  }

  private mutating func measureThreads(_ memory: Memory) throws {
    let files = try corpus.files().map { corpus.folder.appending($0) }
    seconds.read.add(
      try timed(files.count, { FileReader() }) { reader, file in _ = try reader.read(files[file]) })
    seconds.hash.add(
      try timed(files.count, { Sink() }) { sink, file in
        var hash = SHA256()
        hash.update(bufferPointer: memory[file])
        sink.take(hash.finalize().withUnsafeBytes { $0[0] })
      })
    seconds.compress.add(
      try timed(files.count, { LZ4Block() }) { block, file in _ = block.compress(memory[file]) })
    // The checksum is of stored bytes: so many of the raw ones as LZ4 leaves of this corpus.
    let sample = LZ4Block().compress(memory[0]).count
    seconds.checksum.add(
      try timed(files.count, { Sink() }) { sink, file in
        let stored = UnsafeRawBufferPointer(rebasing: memory[file][..<sample])
        sink.take(UInt8(truncatingIfNeeded: CRC32C.checksum(stored)))
      })
  }

  private mutating func measureCut(_ memory: Memory) {
    let cutter = FastCDC(Store.Options().chunkSizes)
    let watch = Stopwatch()
    var rest = memory.all
    while !rest.isEmpty {
      rest = UnsafeRawBufferPointer(rebasing: rest[cutter.cut(rest).length...])
    }
    seconds.cut.add(watch.wallSeconds)
  }

  private func timed<Context>(
    _ count: Int, _ makeContext: @escaping @Sendable () -> Context,
    _ body: @escaping @Sendable (inout Context, Int) throws -> Void
  ) throws -> Double {
    let watch = Stopwatch()
    try Threads.forEach(count, threads: threads, makeContext: makeContext, body)
    return watch.wallSeconds
  }

  /// Appends records of the right length to files as large as segments, and syncs as often as the
  /// store does: whenever `unsyncedMax` bytes wait.
  private mutating func measureDisk(_ memory: Memory) throws {
    let options = Store.Options()
    let block = LZ4Block()
    let segmentMax = Store.Options.segmentSizeMax.value
    var writing = 0.0
    var syncing = 0.0
    var file: StageFile?
    var end: Int64 = 0
    var unsynced: Int64 = 0
    for index in 0..<memory.count {
      let record = block.record(memory[index])
      if let full = file, end + Int64(record.count) > segmentMax {
        syncing += try full.synchronize()
        file = nil
      }
      let watch = Stopwatch()
      if file == nil {
        file = try StageFile(scratch.appending("stage-segment"), byteCount: segmentMax)
        end = 0
      }
      try file?.file.write(record, at: end)
      writing += watch.wallSeconds
      end += Int64(record.count)
      unsynced += Int64(record.count)
      if unsynced >= options.unsyncedMax.value, let file {
        syncing += try file.synchronize()
        unsynced = 0
      }
    }
    if let file { syncing += try file.synchronize() }
    seconds.write.add(writing)
    seconds.sync.add(syncing)
  }

  private mutating func measureIngest() throws {
    let full = scratch.appending("stage-store")
    let empty = scratch.appending("stage-empty")
    defer {
      // Whoever made the scratch folder removes what stays in it.
      for path in [full, empty] { try? FileManager.default.removeItem(atPath: path.string) }
    }
    let report = try Ingestion.run(corpus, full, threads)
    ingest.add(report.wallSeconds)
    try Store.open(empty).close()
    let replayed = try IndexFile(empty).replay(
      try IndexFile(full), transactions: max(1, report.syncs))
    seconds.index.add(replayed.seconds)
  }
}

/// A file that has no name any more.
private final class StageFile {
  let file: File

  init(_ path: FilePath, byteCount: Int64) throws {
    file = try FileSystem.real.open(path, for: .create)
    try FileSystem.real.unlink(path)
    try file.allocate(byteCount)
  }

  /// The seconds that it takes.
  func synchronize() throws -> Double {
    let watch = Stopwatch()
    try file.synchronizeData()
    return watch.wallSeconds
  }
}

/// Where results go so that no compiler finds them unused.
private struct Sink {
  private var sum: UInt8 = 0

  mutating func take(_ byte: UInt8) { sum &+= byte }
}
