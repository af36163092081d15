import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage

@testable import LarderStore

/// Work that a crash may cut anywhere: puts of every kind, seals, syncs, a collection, ends with and
/// without `close`, and an index made again.
struct CrashWork {
  private(set) var promises = Promises()
  private let disk: SimulatedDisk
  private var random: Seeded
  private var store: Store?

  init(disk: SimulatedDisk, random: Seeded) {
    self.disk = disk
    self.random = random
  }

  mutating func run() throws {
    try open()
    try put(random.noise(200), .durable)
    try put(random.text(900), .accepted)
    try put(random.noise(700), .accepted, in: realmB)
    try put(random.noise(14_000), .accepted)
    try put([], .accepted)
    try put(random.noise(9_000), .durable, in: realmB)
    try putInParts(random.noise(11_000), .durable)
    // Of what is there already, one blob and one part of a blob.
    try put(promises.blobs[1].bytes, .durable)
    try put(Array(promises.blobs[3].bytes.prefix(9_000)), .accepted)
    try sync()
    // More than a segment holds.
    for _ in 0..<8 { try put(random.noise(13_000), .accepted) }
    try put(random.noise(3_000), .durable)
    try collect(keeping: [0, 5, 6, 11])
    try close()
    try open()
    try put(random.noise(2_500), .accepted, in: realmB)
    try put(random.text(30_000), .durable)
    // The end of a process that was killed.
    store = nil
    try open()
    try put(random.noise(6_000), .accepted)
    try close()
    try disk.system.unlink(disk.path.appending("index.sqlite"))
    try open()
    try put(random.noise(1_000), .durable)
    try close()
  }

  private mutating func open() throws {
    store = try Store.filled(disk.path, options: .small, system: disk.system)
  }

  private mutating func close() throws {
    try store?.close()
    store = nil
    note(.synced)
  }

  private mutating func sync() throws {
    try store?.sync()
    note(.synced)
  }

  private mutating func put(
    _ bytes: [UInt8], _ ack: AckLevel, in realm: RealmID = realmA
  ) throws {
    let blob = promises.send(bytes, to: realm)
    try store?.put(bytes, in: realm, ack: ack)
    note(.stored(blob, ack))
  }

  private mutating func putInParts(_ bytes: [UInt8], _ ack: AckLevel) throws {
    let blob = promises.send(bytes, to: realmA)
    let ingest = try store?.beginPut(realm: realmA)
    for start in stride(from: 0, to: bytes.count, by: 4_000) {
      try bytes[start..<min(start + 4_000, bytes.count)].withUnsafeBytes { try ingest?.append($0) }
    }
    _ = try ingest?.finish(expecting: digest(bytes), ack: ack)
    note(.stored(blob, ack))
  }

  /// Empties segments; what is kept is copied out of them, all else may go.
  private mutating func collect(keeping kept: Set<Int>) throws {
    for blob in kept.map({ promises.blobs[$0] }) {
      try store?.keep([blob.digest], in: blob.realm)
    }
    note(.mayGo(Set(promises.blobs.indices).subtracting(kept)))
    let report = try store?.collect(freeing: .kibibytes(150))
    guard let report, report.segments > 1, report.movedBytes > 0 else {
      throw NothingCollected(report: report)
    }
  }

  /// The work does not do what its crashes are to hit.
  struct NothingCollected: Error {
    let report: CollectReport?
  }

  private mutating func note(_ answer: Promises.Answer) {
    disk.journal.acknowledge(promises.note(answer))
  }
}
