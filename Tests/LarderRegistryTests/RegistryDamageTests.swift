import Foundation
import GRDB
import LarderCore
import LarderRegistry
import Testing

@Suite struct RegistryDamageTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture() }

  /// Everything that a caller can read, as text; each answer that could not be read is nil.
  private func answers(_ registry: Registry, _ realm: RealmID) async -> [String?] {
    func tell<Value>(_ body: () async throws -> Value) async -> String? {
      // Which error is not the point here: any is an answer that is not wrong.
      (try? await body()).map { "\($0)" }
    }
    var answers: [String?] = []
    answers.append(await tell { try await registry.realms() })
    answers.append(await tell { try await registry.remotes(in: realm) })
    answers.append(await tell { try await registry.remote(nav, in: realm) as Any })
    answers.append(
      await tell { try await registry.channels(of: nav, in: realm).map { "\($0)" }.sorted() })
    answers.append(await tell { try await registry.currentRelease(of: nav, in: realm) as Any })
    for number in 1...3 {
      answers.append(
        await tell { try await registry.release(draft(number).id, of: nav, in: realm) as Any })
    }
    answers.append(await tell { try await registry.releases(of: nav, in: realm) })
    answers.append(await tell { try await registry.referencedDigests(in: realm).sorted() })
    answers.append(await tell { try await registry.pins(in: realm) })
    answers.append(await tell { try await registry.purges(in: realm).map { "\($0)" }.sorted() })
    for number in 1...4 {
      answers.append(
        await tell { try await registry.fetch(fetch(number, in: realm).key) as Any })
      answers.append(await tell { try await registry.entry(entry(number, in: realm).key) as Any })
    }
    return answers
  }

  private func fill(_ registry: Registry) async throws -> RealmID {
    let realm = try await registry.realm(named: userRealm).id
    _ = try await registry.addRemote(nav, urls: ["http://a.test/"], in: realm)
    _ = try await registry.addRemote(valid(RemoteName("cart")), urls: [], in: realm)
    for number in 1...3 {
      _ = try await registry.commitRelease(
        draft(number), of: nav, in: realm, movingChannel: .current)
    }
    try await registry.pin(draft(2).id, of: nav, in: realm, bytesMax: .mebibytes(1))
    for number in [10, 25] { try await registry.recordPurge(of: digest(number), in: realm) }
    try await registry.recordFetches((1...4).map { fetch($0, in: realm) })
    for number in 1...4 { try await registry.put(entry(number, in: realm)) }
    return realm
  }

  @Test("With any bit of the file turned, each read answers as before or fails")
  func bitFlips() async throws {
    let registry = try fixture.open()
    let realm = try await fill(registry)
    let expected = await answers(registry, realm)
    try #require(!expected.contains(nil))
    // As a process leaves it that is killed: its log is empty.
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
    try registry.close()
    // Empty space teaches little: only bytes that say something are turned.
    let places = whole.indices.filter { whole[$0] != 0 }
    let variables = ProcessInfo.processInfo.environment
    let seed = variables["SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: .min ... .max)
    // `make soak` asks for more.
    let flips = variables["LARDER_REGISTRY_FLIPS"].flatMap { Int($0) } ?? 300
    print("seed \(seed)")
    var random = SplitMix(seed: seed)
    var noticed = 0
    for round in 0..<flips {
      let place = places[Int(random.next() % UInt64(places.count))]
      let bit = UInt8(1) << UInt8(random.next() % 8)
      var damaged = whole
      damaged[place] ^= bit
      let copy = fixture.directory.appendingPathComponent("flip-\(round).sqlite")
      try damaged.write(to: copy)
      guard let opened = try? fixture.open(copy.path) else {
        noticed += 1
        continue
      }
      for (index, answer) in await answers(opened, realm).enumerated() {
        guard let answer else {
          noticed += 1
          continue
        }
        #expect(
          answer == expected[index], "seed \(seed), byte \(place), bit \(bit), answer \(index)")
      }
      try? opened.close()
      // The folder goes with the test, which may be long.
      try? FileManager.default.removeItem(at: copy)
    }
    print("campaign registry-flips: \(flips) trials, seed \(seed)")
    #expect(noticed > flips / 3, "seed \(seed)")
  }

  @Test("A column that is misspelt by a turned bit of the schema hides no pin")
  func misspeltColumn() async throws {
    let registry = try fixture.open()
    let realm = try await fill(registry)
    try registry.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
    let text = Data("CREATE TABLE releases(\n  id".utf8)
    let place = try #require(bytes.range(of: text)).upperBound - 2
    bytes[place] ^= 8
    try bytes.write(to: URL(fileURLWithPath: fixture.path))
    let opened = try fixture.open()
    await #expect(throws: RegistryError.self) { try await opened.pins(in: realm) }
    try opened.close()
  }

  @Test("Nothing is left in the log after a commit, where a turned bit would take commits back")
  func log() async throws {
    let log = URL(fileURLWithPath: fixture.path + "-wal")
    let registry = try fixture.open()
    #expect(try Data(contentsOf: log).isEmpty)
    let realm = try await fill(registry)
    // Comes after what the commits have left to do.
    #expect(try await registry.remotes(in: realm).count == 2)
    #expect(try Data(contentsOf: log).isEmpty)
    try registry.close()
  }

  @Test(
    "A row that somebody altered or took away spoils its remote alone, which can be removed",
    arguments: [
      "UPDATE assets SET size = size + 1 WHERE id = 1", "DELETE FROM assets WHERE id = 2",
      "DELETE FROM variants WHERE id = 1", "UPDATE variants SET stats = NULL WHERE id = 1",
      "UPDATE assets SET variant = 2, path = 'x' WHERE id = 1",
      "UPDATE releases SET completeness = 'open' WHERE id = 1",
      "UPDATE releases SET ordinal = 0 WHERE id = 1",
      "UPDATE releases SET release = 'x' WHERE id = 1",
    ])
  func alteredRows(_ statement: String) async throws {
    let cart = valid(RemoteName("cart"))
    let registry = try fixture.open()
    let realm = try await registry.realm(named: userRealm).id
    for name in [nav, cart] {
      _ = try await registry.commitRelease(
        draft(1), of: name, in: realm, movingChannel: .current, creatingRemote: true)
    }
    try registry.close()
    let queue = try DatabaseQueue(path: fixture.path)
    try await queue.write { try $0.execute(sql: "PRAGMA foreign_keys = OFF; " + statement) }
    try queue.close()
    let again = try fixture.open()
    await expect(.corrupt) { try await again.currentRelease(of: nav, in: realm) }
    await expect(.corrupt) { try await again.releases(of: nav, in: realm) }
    await expect(.corrupt) { try await again.referencedDigests(in: realm) }
    #expect(try await again.currentRelease(of: cart, in: realm)?.variants == draft(1).variants)
    try await again.removeRemote(nav, in: realm)
    #expect(try await again.referencedDigests(in: realm) == draft(1).digests)
  }

  @Test(
    "A file that a killed process left in the middle of a transaction without a log is rolled back")
  func hotJournal() async throws {
    let source = fixture.directory.appendingPathComponent("source.sqlite").path
    let queue = try DatabaseQueue(path: source)
    try await queue.writeWithoutTransaction { [path = fixture.path] db in
      // A cache of ten pages spills into the file before the commit.
      try db.execute(sql: "PRAGMA cache_size = 10; BEGIN; CREATE TABLE t(x)")
      for _ in 0..<200 { try db.execute(sql: "INSERT INTO t VALUES (randomblob(3000))") }
      for suffix in ["", "-journal"] {
        try FileManager.default.copyItem(atPath: source + suffix, toPath: path + suffix)
      }
      try db.execute(sql: "ROLLBACK")
    }
    let journal = try Data(contentsOf: URL(fileURLWithPath: fixture.path + "-journal"))
    try #require(!journal.isEmpty)
    let registry = try fixture.open()
    #expect(try await registry.realms() == [])
  }

  @Test("A file of a newer schema, or of another program, is refused and not written to")
  func foreignFiles() throws {
    try fixture.open().close()
    for (statement, code) in [
      ("PRAGMA user_version = 6", RegistryError.Code.newerSchema),
      ("PRAGMA user_version = 5; PRAGMA application_id = 7", .notARegistry),
    ] {
      try DatabaseQueue(path: fixture.path).writeWithoutTransaction {
        try $0.execute(sql: statement)
      }
      let before = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
      #expect(opening(fixture.path) == code)
      #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.path)) == before)
    }
    let text = fixture.directory.appendingPathComponent("text").path
    try Data(repeating: 65, count: 5000).write(to: URL(fileURLWithPath: text))
    #expect(opening(text) == .notARegistry)
    #expect(opening(fixture.directory.appendingPathComponent("no/such/registry").path) == .io)
    #expect(opening(fixture.directory.path) == .io)
  }

  /// The code with which opening fails; nil if it opens.
  private func opening(_ path: String) -> RegistryError.Code? {
    do {
      try fixture.open(path).close()
      return nil
    } catch {
      return (error as? RegistryError)?.code
    }
  }
}

/// SplitMix64: a short generator with a printable seed. Source: Steele, Lea and Flood, 2014.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
