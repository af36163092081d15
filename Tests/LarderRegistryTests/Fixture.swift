import Foundation
import LarderCore
import LarderRegistry

/// A directory that goes with the test, and what a registry in it is opened with.
final class Fixture: Sendable {
  let directory: URL
  /// Seconds that each look at the clock answers, one more each time.
  let clock = Locked<Int64>(1_700_000_000)
  /// What the barrier was asked for, in order.
  let synced = Locked<[(RealmID, Set<Digest>)]>([])
  /// How often it was told that the commit is over.
  let ended = Locked(0)
  /// Whether the barrier fails.
  let failing = Locked(false)

  init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent(
      "larder-registry-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit {
    // What is left behind in the temporary folder does no harm.
    try? FileManager.default.removeItem(at: directory)
  }

  var path: String { directory.appendingPathComponent("registry.sqlite").path }

  func open(_ path: String? = nil, limits: RegistryLimits = RegistryLimits()) throws -> Registry {
    try Registry(
      path: path ?? self.path, limits: limits,
      now: { [clock] in
        clock.withLock { time in
          time += 1
          return time
        }
      },
      barrier: { [synced, failing, ended] realm, digests in
        if failing.withLock({ $0 }) { throw Unsynced() }
        synced.withLock { $0.append((realm, digests)) }
        return { ended.withLock { $0 += 1 } }
      })
  }

  struct Unsynced: Error {}
}

/// A digest that only `number` makes.
func digest(_ number: Int) -> Digest {
  valid(Digest((0..<32).map { UInt8(truncatingIfNeeded: number >> (($0 % 4) * 8)) &+ UInt8($0) }))
}

/// A release of two variants with three assets each, of contents that only `number` makes.
func draft(_ number: Int, facts: String = "{}") -> ReleaseDraft {
  let text = String(number, radix: 16)
  let id = valid(ReleaseID(String(repeating: "0", count: 32 - text.count) + text))
  let variants = ["web", "async-node"].enumerated().map { index, target in
    let assets = ["remoteEntry.js", "chunks/1.js", "style.css"].enumerated().map { place, path in
      ReleaseAsset(
        path: path,
        blob: BlobStat(
          digest: digest(number * 10 + index * 3 + place), size: ByteCount(100 + place)),
        type: "text/javascript")
    }
    return ReleaseVariant(
      target: target, ruleSet: "webpack-5.75", webpack: "5.75.0", entry: "remoteEntry.js",
      facts: facts, stats: index == 0 ? digest(number * 10 + 9) : nil, assets: assets)
  }
  return ReleaseDraft(id: id, completeness: .exact, variants: variants)
}

/// A fetch of a URL that only `number` makes.
func fetch(_ number: Int, in realm: RealmID, at time: Int64 = 0) -> Fetch {
  Fetch(
    key: FetchKey(
      realm: realm, credential: "", url: "http://origin.test/\(number).js", variant: ""),
    blob: BlobStat(digest: digest(number), size: ByteCount(number)), type: "text/javascript",
    etag: "\"\(number)\"", lastModified: nil, integrity: ["sha256-AAAA", "sha384-BBBB"],
    fetchedAt: time)
}

/// An entry that only `number` makes.
func entry(_ number: Int, in realm: RealmID, at time: Int64 = 1_700_000_000) -> KeyedEntry {
  KeyedEntry(
    key: valid(
      EntryKey(realm: realm, namespace: valid(NamespaceName("tool")), key: "step \(number)")),
    blob: BlobStat(digest: digest(number), size: ByteCount(number)),
    needs: number > 1 ? [digest(number + 1), digest(number + 2)] : [], writtenAt: time,
    writtenBy: number > 2 ? UInt32(number) : nil, usedAt: time)
}

let nav = valid(RemoteName("nav"))
let userRealm = valid(RealmName("default"))

/// A value that the test's own text makes.
func valid<Value>(_ value: Value?) -> Value {
  guard let value else { preconditionFailure("the test names something that is not valid") }
  return value
}
