import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage

@testable import LarderStore

/// A store on which single bits turn, and what it must say of its blobs then.
struct FlipCampaign {
  /// The disk of a store that was closed, and of one that was killed, whose index has a log.
  private let disks: [[String: [UInt8]?]]
  private let promises: Promises
  private var random: Seeded

  /// What came of it.
  struct Outcome {
    var flips: [Part: Int] = [:]
    /// Flips after which something was a miss, or was said to be wrong.
    var noticed = 0
    var violations: [String] = []
  }

  /// What a bit belongs to.
  enum Part: String, CaseIterable {
    case segmentHeader, record, footer, index, log
  }

  init(seed: UInt64) throws {
    random = Seeded(seed)
    let scratch = Scratch.inMemory()
    var promises = Promises()
    let store = try Store.filled(scratch.path, options: .small)
    func put(_ bytes: [UInt8], in realm: RealmID) throws {
      let blob = promises.send(bytes, to: realm)
      try store.put(bytes, in: realm, ack: .durable)
      _ = promises.note(.stored(blob, .durable))
    }
    for number in 0..<12 {
      let bytes = number % 3 == 0 ? random.text(9_000) : random.noise(400 + number * 1_000)
      try put(bytes, in: number % 4 == 3 ? realmB : realmA)
    }
    try put(random.noise(30_000), in: realmA)
    let killed = try scratch.files()
    try store.close()
    disks = [try scratch.files(), killed]
    self.promises = promises
  }

  /// Turns `count` bits, one at a time, each on a fresh copy.
  mutating func run(_ count: Int) throws -> Outcome {
    var outcome = Outcome()
    var done = 0
    while done < count {
      let disk = disks[Int(random.next() % 2)]
      let part = Part.allCases[Int(random.next() % 5)]
      guard let (name, place) = place(of: part, on: disk), var bytes = disk[name] ?? nil else {
        continue
      }
      let bit = UInt8(1) << UInt8(random.next() % 8)
      bytes[place] ^= bit
      var files = disk
      files[name] = bytes
      done += 1
      outcome.flips[part, default: 0] += 1
      let found = try check(files, isInSegment: name.hasPrefix("segments/"), &outcome.noticed)
      outcome.violations += found.map { "bit \(bit) of byte \(place) of \(name): \($0)" }
    }
    return outcome
  }

  /// Takes away each row of the index, one at a time, each on a fresh copy.
  ///
  /// - Returns: how many rows there were, and what a scrub did not make good.
  func loseRows() throws -> (count: Int, violations: [String]) {
    let whole = Scratch.inMemory()
    try whole.write(disks[0])
    let rows = try Index(whole.path.appending("index.sqlite")).rows(after: nil, limit: .max)
    var violations: [String] = []
    for row in rows {
      let scratch = Scratch.inMemory()
      try scratch.write(disks[0])
      do {
        let index = try Index(scratch.path.appending("index.sqlite"))
        try Index.execute(
          "DELETE FROM records WHERE realm = \(row.realm.rawValue) AND digest = x'\(row.digest)'",
          on: index.connection)
      }
      let store = try Store.filled(scratch.path, options: .small)
      let (report, found) = try scrub(store)
      violations += found
      if !report.findings.contains(where: { $0.kind == .missingRow && $0.digest == row.digest }) {
        violations.append("nobody misses the row of \(row.digest)")
      }
    }
    return (rows.count, violations)
  }

  /// A table of the index whose every value is made wrong.
  private struct Table {
    let name: String
    let key: String
    let columns: [String]
  }

  private static let tables = [
    Table(name: "counters", key: "name", columns: ["value"]),
    Table(
      name: "segments", key: "id",
      columns: [
        "realm", "salt_low", "salt_high", "indexed", "records", "phase", "checksum",
      ]),
    Table(
      name: "records", key: "realm, digest",
      columns: [
        "realm", "segment", "\"offset\"", "raw", "stored", "kind", "codec", "part", "size",
        "checksum",
      ]),
  ]

  /// Makes numbers of the index another one, by one bit, and something that is no number, one at a
  /// time, each on a fresh copy.
  ///
  /// - Returns: how many changes there were, and what a scrub did not make good.
  mutating func alterNumbers(atMost max: Int) throws -> (count: Int, violations: [String]) {
    var changes = try disks.flatMap { disk in
      try FlipCampaign.tables.flatMap { table in
        let rows = try count(of: table, on: disk)
        return table.columns.flatMap { column in
          let bit = 1 << (random.next() % 16)
          // SQLite has no exclusive or.
          let other = "(\(column) | \(bit)) - (\(column) & \(bit))"
          return ["\(column) = \(other)", "\(column) = x''"].flatMap { change in
            (0..<rows).map { (disk: disk, table: table, row: $0, change: change) }
          }
        }
      }
    }
    changes.shuffle(using: &random)
    var violations: [String] = []
    for (disk, table, row, change) in changes.prefix(max) {
      let scratch = Scratch.inMemory()
      try scratch.write(disk)
      do {
        let index = try Index(scratch.path.appending("index.sqlite"))
        try Index.execute(
          """
          UPDATE OR REPLACE \(table.name) SET \(change) WHERE (\(table.key)) IN
          (SELECT \(table.key) FROM \(table.name) ORDER BY \(table.key) LIMIT 1 OFFSET \(row))
          """, on: index.connection)
      }
      var noticed = 0
      violations += try check(scratch.files(), isInSegment: false, &noticed).map {
        "row \(row) of \(table.name), \(change): \($0)"
      }
    }
    return (min(max, changes.count), violations)
  }

  private func count(of table: Table, on disk: [String: [UInt8]?]) throws -> Int {
    let scratch = Scratch.inMemory()
    try scratch.write(disk)
    let index = try Index(scratch.path.appending("index.sqlite"))
    return Int(try Index.single("SELECT count(*) FROM \(table.name)", on: index.connection))
  }

  /// A byte of a part; nil where this disk has none.
  private mutating func place(
    of part: Part, on disk: [String: [UInt8]?]
  ) -> (name: String, place: Int)? {
    let names = disk.keys.filter { name in
      switch part {
      case .segmentHeader, .record, .footer: name.hasSuffix(".seg")
      case .index: name == "index.sqlite"
      case .log: name == "index.sqlite-wal"
      }
    }.sorted()
    guard !names.isEmpty else { return nil }
    let name = names[Int(random.next() % UInt64(names.count))]
    guard let bytes = disk[name] ?? nil, !bytes.isEmpty else { return nil }
    let range =
      switch part {
      case .segmentHeader: 0..<min(SegmentHeader.byteCount, bytes.count)
      case .record: SegmentHeader.byteCount..<bytes.count
      case .footer: max(0, bytes.count - 500)..<bytes.count
      case .index, .log: bytes.indices
      }
    // Empty space teaches little: a few tries for a byte that says something.
    var place = 0
    for _ in 0..<8 {
      place = range.lowerBound + Int(random.next() % UInt64(range.count))
      if bytes[place] != 0 { break }
    }
    return (name, place)
  }

  private func check(
    _ files: [String: [UInt8]?], isInSegment: Bool, _ noticed: inout Int
  ) throws -> [String] {
    let scratch = Scratch.inMemory()
    try scratch.write(files)
    do {
      let store = try Store.filled(scratch.path, options: .small)
      var found = foreign(store)
      let missing = try missing(store, &found)
      if !missing.isEmpty || store.opening != OpeningReport() { noticed += 1 }
      if !isInSegment, !missing.isEmpty {
        found += try scrub(store).violations
      }
      for blob in promises.blobs { try store.put(blob.bytes, in: blob.realm, ack: .durable) }
      if try !self.missing(store, &found).isEmpty { found.append("a put does not heal it") }
      try store.close()
      return found
    } catch {
      return ["the store does not go on: \(error)"]
    }
  }

  /// Lets a scrub look for what the index lost; everything has to be there afterwards.
  private func scrub(_ store: Store) throws -> (CheckReport, violations: [String]) {
    var options = CheckOptions.scrub
    options.bytesPerSecondMax = nil
    let report = try store.check(options)
    // A large blob whose chunk was found behind it is the next one's to mend.
    _ = try store.check(options)
    var found: [String] = []
    let missing = try missing(store, &found)
    if !missing.isEmpty {
      found.append("after a scrub that found \(report.findings), \(missing) are missing still")
    }
    return (report, found)
  }

  /// The blobs that are no longer there; bytes that are wrong are added to `found`.
  private func missing(_ store: Store, _ found: inout [String]) throws -> [Int] {
    promises.blobs.indices.filter { number in
      let blob = promises.blobs[number]
      guard let bytes = try? store.read(blob.digest, in: [blob.realm]) else { return true }
      if bytes != blob.bytes { found.append("blob \(number) has other bytes") }
      return false
    }
  }

  /// Blobs in a realm that never got them.
  private func foreign(_ store: Store) -> [String] {
    promises.blobs.indices.filter { number in
      let blob = promises.blobs[number]
      return store.stat(blob.digest, in: [blob.realm == realmA ? realmB : realmA]) != nil
    }.map { "blob \($0) is in another realm" }
  }
}
