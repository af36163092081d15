import DiskRig
import GRDB
import LarderCore
import LarderPlatform
import LarderRegistry
import LarderStore
import SystemPackage
import Testing

@testable import LarderService

/// Commits of a registry over its store on one simulated disk, and what a crash at every edge
/// between two calls of either would leave.
///
/// It begins with a registry of schema 1, so that its migration is cut too.
struct RegistryCrashCampaign {
  private let seed: UInt64
  private var changes: [DiskChange] = []
  private var initial: [String: [UInt8]?] = [:]
  /// What the registry said before the first step and after each.
  private var pictures: [String] = []
  private var blobs: [Digest: [UInt8]] = [:]
  private let remote: RemoteName
  private var fetches: [FetchKey] = []

  /// What came of it.
  struct Outcome {
    var crashes = 0
    var violations: [String] = []
  }

  init(seed: UInt64, defect: DiskJournal.Defect? = nil) async throws {
    self.seed = seed
    remote = try #require(RemoteName("nav"))
    var random = Seeded(seed)
    let scratch = Scratch.inMemory()
    do {
      let house = try await CrashedHouse(scratch.path)
      try await publish(1, in: house, &random)
      pictures = [try await house.picture(of: remote, fetches)]
      try house.close()
    }
    try await DatabaseQueue(path: scratch.path.appending("registry.sqlite").string)
      .writeWithoutTransaction { db in
        try db.execute(
          sql: """
            DROP TABLE pins;
            DROP TABLE purges;
            DELETE FROM grdb_migrations WHERE identifier IN ('2', '3');
            PRAGMA user_version = 1;
            """)
      }
    initial = try scratch.files()
    let disk = try SimulatedDisk(initial, defect: defect)
    try await work(on: disk, &random)
    changes = disk.journal.changes
  }

  private mutating func publish(
    _ number: Int, in house: CrashedHouse, _ random: inout Seeded
  ) async throws {
    let files = [random.noise(700), random.noise(9_000)]
    let draft = try house.draft(number, files)
    for (asset, bytes) in zip(draft.variants[0].assets, files) {
      blobs[asset.blob.digest] = bytes
    }
    _ = try await house.registry.commitRelease(
      draft, of: remote, in: house.realm, movingChannel: .current, creatingRemote: true)
  }

  /// Each kind of commit, ends with and without `close`.
  private mutating func work(on disk: SimulatedDisk, _ random: inout Seeded) async throws {
    var house = try await CrashedHouse(disk.path, system: disk.system)
    let first = try CrashedHouse.release(1)
    try await publish(2, in: house, &random)
    try await note(house, disk)
    try await house.registry.pin(
      first, of: remote, in: house.realm, bytesMax: .mebibytes(1))
    try await note(house, disk)
    let bytes = random.noise(3_000)
    let fetch = Fetch(
      key: FetchKey(realm: house.realm, credential: "", url: "http://a.test/a.js", variant: ""),
      blob: try house.put(bytes), type: "text/javascript", etag: nil, lastModified: nil,
      integrity: [], fetchedAt: 1)
    blobs[fetch.blob.digest] = bytes
    fetches = [fetch.key]
    try await house.registry.recordFetches([fetch])
    try await note(house, disk)
    try house.close()
    house = try await CrashedHouse(disk.path, system: disk.system)
    try await publish(3, in: house, &random)
    try await note(house, disk)
    _ = try await house.registry.rollback(of: remote, in: house.realm)
    try await note(house, disk)
    try await house.registry.unpin(first, of: remote, in: house.realm)
    try await note(house, disk)
    try house.close()
  }

  private mutating func note(_ house: CrashedHouse, _ disk: SimulatedDisk) async throws {
    disk.journal.acknowledge(pictures.count)
    pictures.append(try await house.picture(of: remote, fetches))
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
      let house = try await CrashedHouse(scratch.path)
      var found = try await house.unreadable(blobs)
      let picture = try await house.picture(of: remote, fetches)
      if !pictures[answers...min(answers + 1, pictures.count - 1)].contains(picture) {
        found.append("after \(answers) answers the registry says: \(picture)")
      }
      _ = try await house.registry.commitRelease(
        try house.draft(9, [Array("what came after the crash".utf8)]), of: remote, in: house.realm,
        movingChannel: .current)
      try house.close()
      return found
    } catch {
      return ["it does not go on: \(error)"]
    }
  }
}
