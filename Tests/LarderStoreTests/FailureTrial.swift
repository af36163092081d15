import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage

@testable import LarderStore

/// Work on a store of which one call fails, and what has to hold meanwhile and afterwards.
struct FailureTrial {
  private(set) var violations: [String] = []
  private var promises = Promises()
  private let disk: FailingDisk
  private let scratch = Scratch.inMemory()
  private let vfs: InjectedVFS
  private var store: Store?
  private var random: Seeded

  /// EIO of a read is the word of the medium that content is gone.
  private let losesContent: Bool

  private init(_ disk: FailingDisk, seed: UInt64) {
    self.disk = disk
    losesContent = disk.point.map { $0.call == .pread && $0.errno == .ioError } ?? false
    vfs = InjectedVFS(disk)
    random = Seeded(seed)
  }

  /// How often the work makes each call when none fails.
  static func calls(seed: UInt64) throws -> [FileCall: Int] {
    let disk = FailingDisk(nil)
    var trial = FailureTrial(disk, seed: seed)
    trial.work()
    return disk.calls
  }

  /// What is wrong when this call fails, in words.
  static func violations(at point: FailurePoint, seed: UInt64) -> [String] {
    let disk = FailingDisk(point)
    var trial = FailureTrial(disk, seed: seed)
    trial.work()
    disk.lift()
    trial.goOn()
    return trial.violations.map { "seed \(seed), \(point): \($0)" }
  }

  private mutating func work() {
    open()
    put(random.noise(300), .durable)
    put(random.noise(9_000), .accepted)
    put(random.noise(600), .accepted, in: realmB)
    try? store?.sync()
    for _ in 0..<5 { put(random.noise(13_000), .accepted) }
    readAll()
    put(random.text(20_000), .durable)
    _ = try? store?.collect(freeing: .kibibytes(100))
    close()
    open()
    put(random.noise(5_000), .durable, in: realmB)
    readAll()
    close()
    open()
  }

  /// With the fault gone the store is as good as before: the one that is open, and the next.
  private mutating func goOn() {
    for _ in 0..<2 {
      if store == nil { open(isSound: true) }
      let blob = promises.send(random.noise(5_000), to: realmA)
      do {
        try store?.put(promises.blobs[blob].bytes, ack: .durable)
        _ = promises.note(.stored(blob, .durable))
      } catch {
        violations.append("the fault is gone, and a put fails: \(error)")
      }
      check()
      store = nil
    }
  }

  private mutating func check() {
    guard let store else { return }
    // What the medium cannot read is a miss from then on.
    let levels = losesContent ? [:] : promises.levels(after: promises.answers.count)
    violations += promises.violations(of: store, levels: levels, keepsAccepted: false)
  }

  /// What is read while calls fail is right or refused.
  private mutating func readAll() {
    guard let store else { return }
    for (number, blob) in promises.blobs.enumerated() {
      guard let bytes = try? store.read(blob.digest, in: [blob.realm]) else { continue }
      if bytes != blob.bytes { violations.append("blob \(number) has other bytes") }
    }
  }

  private mutating func open(isSound: Bool = false) {
    let system = FileSystem(faults: disk, databaseVFS: vfs.name)
    do {
      let store = try Store.filled(scratch.path, options: .small, system: system)
      self.store = store
      // What the daemon does at its start.
      for (number, blob) in promises.blobs.enumerated() {
        if (try? store.keep([blob.digest], in: blob.realm)) == nil {
          _ = promises.note(.mayGo([number]))
        }
      }
    } catch {
      if isSound { violations.append("the fault is gone, and the store does not open: \(error)") }
    }
  }

  private mutating func put(_ bytes: [UInt8], _ ack: AckLevel, in realm: RealmID = realmA) {
    let blob = promises.send(bytes, to: realm)
    guard let store, (try? store.put(bytes, in: realm, ack: ack)) != nil else { return }
    // What is not kept may go when a disk is full.
    guard ack == .durable, (try? store.keep([promises.blobs[blob].digest], in: realm)) != nil
    else { return }
    _ = promises.note(.stored(blob, .durable))
  }

  private mutating func close() {
    // Closed, whatever it says.
    try? store?.close()
    store = nil
  }
}
