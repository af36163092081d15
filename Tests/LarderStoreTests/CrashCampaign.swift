import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage

@testable import LarderStore

/// One run of a store on a simulated disk, and what a crash at every edge between two calls of it
/// would leave.
///
/// The run is made once. Its journal has every change in order, so the disk after the first *n*
/// changes is the disk of a machine that lost power there: no run per crash is needed.
struct CrashCampaign {
  private let seed: UInt64
  private let changes: [DiskChange]
  private let promises: Promises

  /// What came of it.
  struct Outcome {
    var crashes = 0
    var violations: [String] = []
  }

  init(seed: UInt64, defect: DiskJournal.Defect? = nil) throws {
    self.seed = seed
    let disk = try SimulatedDisk(defect: defect)
    var work = CrashWork(disk: disk, random: Seeded(seed))
    try work.run()
    changes = disk.journal.changes
    promises = work.promises
  }

  /// Crashes at every edge.
  ///
  /// - Parameters:
  ///   - recoveries: at how many edges the recovery itself is crashed at all of its own edges.
  ///   - stopsAtFirst: whether one violation is enough.
  func run(
    _ survivals: [DiskImage.Survival] = DiskImage.Survival.allCases, recoveries: Int = 0,
    stopsAtFirst: Bool = false
  ) throws -> Outcome {
    var outcome = Outcome()
    var image = DiskImage()
    var random = Seeded(seed &+ 1)
    var answers = 0
    for (edge, change) in changes.enumerated() {
      image.apply(change)
      if case .acknowledge(let count) = change { answers = count }
      let levels = promises.levels(after: answers)
      for survival in survivals {
        let files = image.afterCrash(survival, random: &random)
        let isKill = survival == .everything
        let name = "seed \(seed), edge \(edge), \(survival) survives"
        let found = try check(files, levels, keepsAccepted: isKill)
        outcome.crashes += 1
        outcome.violations += found.map { "\(name): \($0)" }
        if stopsAtFirst, !outcome.violations.isEmpty { return outcome }
        if survival == .some, random.next() % UInt64(changes.count) < UInt64(recoveries) {
          try crashRecovery(files, levels, name, &random, &outcome)
        }
      }
    }
    return outcome
  }

  /// Crashes the opening of what a crash left, at each of its own edges.
  private func crashRecovery(
    _ files: [String: [UInt8]?], _ levels: [Int: AckLevel], _ name: String,
    _ random: inout Seeded, _ outcome: inout Outcome
  ) throws {
    let disk = try SimulatedDisk(files)
    try Store.filled(disk.path, options: .small, system: disk.system).close()
    var image = DiskImage(files)
    for (edge, change) in disk.journal.changes.enumerated() {
      image.apply(change)
      let left = image.afterCrash(.some, random: &random)
      outcome.crashes += 1
      outcome.violations += try check(left, levels, keepsAccepted: false).map {
        "\(name), edge \(edge) of its recovery: \($0)"
      }
    }
  }

  /// Opens what is left, holds it to the promises, and goes on with it.
  private func check(
    _ files: [String: [UInt8]?], _ levels: [Int: AckLevel], keepsAccepted: Bool
  ) throws -> [String] {
    let scratch = Scratch.inMemory()
    try scratch.write(files)
    do {
      let store = try Store.filled(scratch.path, options: .small)
      var found = promises.violations(of: store, levels: levels, keepsAccepted: keepsAccepted)
      let new = Array("what came after the crash".utf8)
      try store.put(new, ack: .durable)
      try store.close()
      let again = try Store.filled(scratch.path, options: .small)
      if again.opening != OpeningReport() { found.append("a clean end left \(again.opening)") }
      if try again.read(digest(new), in: [realmA]) != new { found.append("the new blob is wrong") }
      found += promises.violations(of: again, levels: levels, keepsAccepted: keepsAccepted)
      found += try recount(again, in: scratch.path)
      return found
    } catch {
      return ["the store does not go on: \(error)"]
    }
  }

  /// Compares the statistics with a count of the rows.
  private func recount(_ store: Store, in directory: FilePath) throws -> [String] {
    let counted = store.statistics.total
    try store.close()
    let index = try Index(directory.appending("index.sqlite"))
    var total = Store.Content()
    for row in try index.rows(after: nil, limit: .max) {
      total.storedBytes += Int64(row.header.recordLength)
      if row.header.kind == .chunk {
        total.chunks += 1
        total.chunkBytes += row.header.size
      }
      if !row.header.isPart {
        total.blobs += 1
        total.logicalBytes += row.header.size
      }
    }
    return counted == total ? [] : ["\(counted) was told, \(total) is there"]
  }
}
