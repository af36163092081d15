import DiskRig
import GRDB
import LarderRegistry
import SystemPackage
import Testing

/// Commits of a registry over its store on one simulated disk, and what a crash at every edge
/// between two calls of either would leave.
///
/// It begins with a registry of schema 1, so that its migration is cut too.
struct RegistryCrashCampaign {
  private let seed: UInt64
  private let work: RegistryWork
  private let initial: [String: [UInt8]?]
  private let changes: [DiskChange]
  /// What the registry said before the first step and after each.
  private let pictures: [String]

  /// What came of it.
  struct Outcome {
    var crashes = 0
    var violations: [String] = []
  }

  init(seed: UInt64, defect: DiskJournal.Defect? = nil) async throws {
    self.seed = seed
    work = try RegistryWork(seed: seed)
    var house: StoreAndRegistry
    let scratch = Scratch.inMemory()
    house = try await StoreAndRegistry(scratch.path)
    try await work.perform(.publishFirst, in: house)
    var pictures = [try await work.picture(of: house)]
    try house.close()
    try await DatabaseQueue(path: scratch.path.appending("registry.sqlite").string)
      .writeWithoutTransaction { db in
        try db.execute(
          sql: """
            DROP TABLE pins;
            DROP TABLE purges;
            DROP TABLE keyed_entries;
            DROP TABLE schedules;
            DELETE FROM grdb_migrations WHERE identifier IN ('2', '3', '4', '5');
            PRAGMA user_version = 1;
            """)
      }
    initial = try scratch.files()
    let disk = try SimulatedDisk(initial, defect: defect)
    house = try await StoreAndRegistry(disk.path, system: disk.system)
    for step in RegistryWork.Step.allCases.dropFirst() {
      try await work.perform(step, in: house)
      disk.journal.acknowledge(pictures.count)
      pictures.append(try await work.picture(of: house))
      // Ends with and without `close`.
      guard step == .recordFetch else { continue }
      try house.close()
      house = try await StoreAndRegistry(disk.path, system: disk.system)
    }
    try house.close()
    changes = disk.journal.changes
    self.pictures = pictures
  }

  /// Crashes at every edge.
  func run(
    _ survivals: [DiskImage.Survival] = DiskImage.Survival.allCases, stopsAtFirst: Bool = false
  ) async throws -> Outcome {
    var outcome = Outcome()
    var image = DiskImage(initial)
    var random = Seeded(seed &+ 1)
    var answers = 0
    for (edge, change) in changes.enumerated() {
      image.apply(change)
      if case .acknowledge(let count) = change { answers = count }
      for survival in survivals {
        let files = image.afterCrash(survival, random: &random)
        outcome.crashes += 1
        outcome.violations += await check(files, answers).map {
          "seed \(seed), edge \(edge), \(survival) survives: \($0)"
        }
        if stopsAtFirst, !outcome.violations.isEmpty { return outcome }
      }
    }
    return outcome
  }

  /// What was told last is there, and of what was under way all or nothing; both go on.
  private func check(_ files: [String: [UInt8]?], _ answers: Int) async -> [String] {
    let scratch = Scratch.inMemory()
    do {
      try scratch.write(files)
      let house = try await StoreAndRegistry(scratch.path)
      let (registry, realm) = (house.registry, house.realm)
      let named = try await registry.referencedDigests(in: realm)
        .union(registry.fetchedDigests(in: realm))
      var found = work.unreadable(named, in: house)
      let picture = try await work.picture(of: house)
      if !pictures[answers...min(answers + 1, pictures.count - 1)].contains(picture) {
        found.append("after \(answers) answers the registry says: \(picture)")
      }
      try await work.goOn(in: house)
      try house.close()
      return found
    } catch {
      return ["it does not go on: \(error)"]
    }
  }
}
