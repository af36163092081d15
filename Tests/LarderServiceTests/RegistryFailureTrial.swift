import DiskRig
import LarderPlatform
import LarderRegistry
import SystemPackage

/// Commits of a registry over its store while one call of either fails, and what has to hold
/// afterwards.
struct RegistryFailureTrial {
  private let work: RegistryWork
  private let seed: UInt64
  /// What a registry says after these steps alone; nil where one of them cannot be done so.
  private var pictures: [[RegistryWork.Step]: String?] = [:]

  init(seed: UInt64) throws {
    self.seed = seed
    work = try RegistryWork(seed: seed)
  }

  /// How often the work makes each call when none fails.
  func calls() async throws -> [FileCall: Int] {
    let disk = FailingDisk(nil)
    let place = Place(disk)
    let (house, done, failed) = await perform(in: place)
    precondition(failed.isEmpty && done.count == RegistryWork.Step.allCases.count)
    try house?.close()
    return disk.calls
  }

  /// What is wrong when this call fails, in words.
  mutating func violations(at point: FailurePoint) async -> [String] {
    let disk = FailingDisk(point)
    let place = Place(disk)
    var (house, done, failed) = await perform(in: place)
    disk.lift()
    var found: [String] = []
    do {
      // The one that is open, and the next: with the fault gone both are as good as before.
      if house == nil { house = try await place.open() }
      if let house {
        let picture = try await work.picture(of: house)
        if try await !isRight(picture, after: done, or: failed) {
          found.append(
            "\(done.map(\.rawValue)) are done, \(failed.map(\.rawValue)) failed: \(picture)")
        }
        // EIO of a read is the word of the medium that content is gone.
        if point.call != .pread || point.errno != .ioError {
          found += work.unreadable(
            try await house.registry.referencedDigests(in: house.realm), in: house)
        }
        try await work.goOn(in: house)
        let last = try await work.picture(of: house)
        try house.close()
        let next = try await place.open()
        let again = try await work.picture(of: next)
        if again != last { found.append("it said: \(last); opened again it says: \(again)") }
        try next.close()
      }
    } catch {
      found.append("the fault is gone, and it does not go on: \(error)")
    }
    return found.map { "seed \(seed), \(point): \($0)" }
  }

  /// Where the work is done.
  private struct Place {
    private let scratch = Scratch.inMemory()
    private let vfs: InjectedVFS
    private let disk: FailingDisk

    init(_ disk: FailingDisk) {
      self.disk = disk
      vfs = InjectedVFS(disk)
    }

    func open() async throws -> StoreAndRegistry {
      try await StoreAndRegistry(
        scratch.path, system: FileSystem(faults: disk, databaseVFS: vfs.name))
    }
  }

  /// Does each step for which the registry is open.
  private func perform(
    in place: Place
  ) async -> (house: StoreAndRegistry?, done: [RegistryWork.Step], failed: [RegistryWork.Step]) {
    var done: [RegistryWork.Step] = []
    var failed: [RegistryWork.Step] = []
    var house = try? await place.open()
    for step in RegistryWork.Step.allCases {
      if let house {
        do {
          try await work.perform(step, in: house)
          done.append(step)
        } catch {
          failed.append(step)
        }
      }
      guard step == .recordFetch else { continue }
      // Closed, whatever it says.
      try? house?.close()
      house = nil
      house = try? await place.open()
    }
    return (house, done, failed)
  }

  /// Whether the registry may say this: what was done is there, and of what failed each step whole
  /// or not at all.
  private mutating func isRight(
    _ picture: String, after done: [RegistryWork.Step], or failed: [RegistryWork.Step]
  ) async throws -> Bool {
    for subset in 0..<(1 << failed.count) {
      let more = failed.indices.filter { subset >> $0 & 1 == 1 }.map { failed[$0] }
      let steps = RegistryWork.Step.allCases.filter { done.contains($0) || more.contains($0) }
      if try await self.picture(after: steps) == picture { return true }
    }
    return false
  }

  private mutating func picture(after steps: [RegistryWork.Step]) async throws -> String? {
    if let known = pictures[steps] { return known }
    let scratch = Scratch.inMemory()
    let house = try await StoreAndRegistry(scratch.path)
    var picture: String?
    do {
      for step in steps { try await work.perform(step, in: house) }
      picture = try await work.picture(of: house)
    } catch {
      // Some step needs one that is left out.
    }
    try house.close()
    pictures[steps] = .some(picture)
    return picture
  }
}
