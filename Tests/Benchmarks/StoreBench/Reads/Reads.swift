import BenchRig
import Foundation
import Glibc
import LarderCore
import LarderStore
import SystemPackage

/// Reading back what `Ingests` left, each byte verified by whoever verifies.
struct Reads {
  /// Files that are read one at a time.
  private static let sampleCount = 24

  /// Where files are extracted to: in memory, since creating thousands of files on a disk takes
  /// longer, and varies more, than reading what is in them.
  private static let memoryFolder = "/dev/shm/store-bench-\(getpid())"

  let ingests: Ingests
  let larder: Larder
  let restic: Restic
  let casync: Casync
  let casd: Casd
  private var random: SplitMix
  private(set) var figures: [Figure] = []

  init(
    ingests: Ingests, larder: Larder, restic: Restic, casync: Casync, casd: Casd, seed: UInt64
  ) {
    self.ingests = ingests
    self.larder = larder
    self.restic = restic
    self.casync = casync
    self.casd = casd
    random = SplitMix(seed: seed)
  }

  /// All figures of reading; `rounds` for what takes seconds.
  mutating func measure(rounds: Int) throws {
    try measureProcesses()
    try measureExtraction(rounds: rounds)
    try measureDaemon(rounds: rounds)
  }

  /// One file by one process: start, open, read, write to a pipe.
  private mutating func measureProcesses() throws {
    let names = try Names(reading: "\(ingests.folder(of: larder))/names").entries
    let sample = (0..<Reads.sampleCount).map { _ in names[random.below(names.count)] }
    let target = "\(ingests.scratch)/extracted-file"
    for item in sample {
      _ = try casync.make(
        "\(ingests.corpus)/\(item.file)", as: index(of: item.digest),
        into: ingests.folder(of: casync))
    }
    for isCold in [true, false] {
      var (ours, dump, extract) = (Series(), Series(), Series())
      for item in sample {
        try chill(larder, if: isCold)
        ours.add(
          try larder.cat(item.digest.hex, from: ingests.folder(of: larder)).wallSeconds * 1e3)
        try chill(restic, if: isCold)
        dump.add(
          try restic.dump("\(ingests.corpus)/\(item.file)", from: ingests.folder(of: restic))
            .wallSeconds * 1e3)
        try chill(casync, if: isCold)
        extract.add(
          try casync.extract(
            index(of: item.digest), from: ingests.folder(of: casync), to: target
          ).wallSeconds * 1e3)
        unlink(target)
      }
      let what = "\(isCold ? "cold" : "warm") read of one file by one process"
      figures.append(line(what, "ms", ours, "restic dump", dump))
      figures.append(line(what, "ms", ours, "casync extract", extract))
    }
  }

  /// Every file by one process, into an empty folder in memory.
  private mutating func measureExtraction(rounds: Int) throws {
    let target = Reads.memoryFolder
    // A run that failed leaves it to the next one.
    defer { try? FileManager.default.removeItem(atPath: target) }
    for isCold in [true, false] {
      var (ours, restore, extract) = (Series(), Series(), Series())
      for _ in 0..<rounds {
        ours.add(
          try extracting(to: target, larder, isCold) { try larder.extract(from: $0, to: $1) })
        restore.add(
          try extracting(to: target, restic, isCold) { try restic.restore(from: $0, to: $1) })
        extract.add(
          try extracting(to: target, casync, isCold) {
            try casync.extract("\($0)/tree.caidx", from: $0, to: $1)
          })
      }
      let what = "\(isCold ? "cold" : "warm") reading of all files into memory"
      figures.append(line(what, "s", ours, "restic restore", restore))
      figures.append(line(what, "s", ours, "casync extract", extract))
    }
  }

  private func extracting(
    to target: String, _ contender: any Contender, _ isCold: Bool,
    _ body: (_ folder: String, _ target: String) throws -> Cost
  ) throws -> Double {
    // Of the run before; at first there is none.
    try? FileManager.default.removeItem(atPath: target)
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    try chill(contender, if: isCold)
    return try body(ingests.folder(of: contender), target).wallSeconds
  }

  /// Blobs from a running daemon, one a call and two hundred a call, against ours from an open
  /// store: theirs pays for RPCs, ours for SHA-256 of every byte.
  private mutating func measureDaemon(rounds: Int) throws {
    let names = try Names(reading: "\(ingests.folder(of: larder))/names").entries
    let part = names.filter { $0.file.hasPrefix("part-0/") }
    for isCold in [true, false] {
      var (ours, single) = (Series(), Series())
      var (oursOfAll, batch, oursCPU, batchCPU) = (Series(), Series(), Series(), Series())
      try casd.withDaemon(ingests.folder(of: casd)) { client in
        for round in 0..<rounds {
          try chill(larder, if: isCold)
          ours.add(try readInProcess(part).wall)
          try chill(casd, if: isCold)
          single.add(
            try client(["read", "\(ingests.corpus)/part-0", "1", "\(round)"]).wallSeconds
              / Double(part.count) * 1e6)
          try chill(larder, if: isCold)
          let all = try readInProcess(names)
          oursOfAll.add(all.wall)
          oursCPU.add(all.cpu)
          try chill(casd, if: isCold)
          let cost = try client(["read", ingests.corpus, "200", "\(round)"])
          batch.add(cost.wallSeconds / Double(names.count) * 1e6)
          batchCPU.add(cost.cpuSeconds / Double(names.count) * 1e6)
        }
      }
      let what = isCold ? "cold" : "warm"
      let peer = "casd BatchReadBlobs"
      figures.append(line("\(what) read of one blob, one a call", "us", ours, peer, single))
      figures.append(line("\(what) read of one blob, 200 a call", "us", oursOfAll, peer, batch))
      figures.append(
        line("\(what) read of one blob, 200 a call, CPU", "us", oursCPU, peer, batchCPU))
    }
  }

  /// Reads in no order with one thread.
  ///
  /// - Returns: microseconds a blob.
  private mutating func readInProcess(
    _ names: [(digest: LarderCore.Digest, file: String)]
  ) throws -> (wall: Double, cpu: Double) {
    let names = names.shuffled(using: &random)
    let store = try Store.open(FilePath("\(ingests.folder(of: larder))/store"))
    store.waitUntilFilled()
    let watch = Stopwatch()
    for item in names {
      let bytes: [UInt8] = try store.read(item.digest, in: [Ingestion.realm])
      guard bytes.count == Corpus.fileByteCount else {
        throw Child.Failed(description: "a blob came back with \(bytes.count) bytes")
      }
    }
    let (wall, cpu) = (watch.wallSeconds, watch.cpuSeconds)
    try store.close()
    return (wall / Double(names.count) * 1e6, cpu / Double(names.count) * 1e6)
  }

  private func index(of digest: LarderCore.Digest) -> String {
    "\(ingests.folder(of: casync))/\(digest).caibx"
  }

  private func chill(_ contender: any Contender, if isCold: Bool) throws {
    if isCold { try ColdCache.drop(ingests.folder(of: contender)) }
  }

  /// To be ahead is the goal of every read.
  private func line(
    _ what: String, _ unit: String, _ ours: Series, _ peer: String, _ theirs: Series
  ) -> Figure {
    Figure(what: what, unit: unit, ours: ours, peer: peer, theirs: theirs, goal: .ratio(1))
  }
}
