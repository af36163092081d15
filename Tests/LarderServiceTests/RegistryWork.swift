import DiskRig
import LarderCore
import LarderRegistry
import LarderStore
import Testing

import struct Crypto.SHA256

/// Commits of each kind to one remote, and what the registry says of it.
struct RegistryWork {
  /// In this order each has something to change. The first is what there is at the beginning.
  enum Step: String, CaseIterable {
    case publishFirst, publishSecond, pinFirst, recordFetch, putEntry, putAgain, purge
    case publishThird, purgeAgain, endPurge, rollback, unpinFirst
  }

  /// All that is put, by its digest.
  let blobs: [Digest: [UInt8]]
  private let remote: RemoteName
  /// Of the first, second and third release.
  private let files: [[[UInt8]]]

  init(seed: UInt64) throws {
    var random = Seeded(seed)
    remote = try #require(RemoteName("nav"))
    files = (1...3).map { _ in [random.noise(700), random.noise(9_000)] }
    blobs = Dictionary(uniqueKeysWithValues: files.joined().map { (Self.digest($0), $0) })
  }

  func perform(_ step: Step, in house: StoreAndRegistry) async throws {
    let (registry, realm) = (house.registry, house.realm)
    switch step {
    case .publishFirst: try await publish(1, files[0], in: house)
    case .publishSecond, .endPurge: try await publish(2, files[1], in: house)
    case .publishThird: try await publish(3, files[2], in: house)
    case .pinFirst:
      try await registry.pin(Self.release(1), of: remote, in: realm, bytesMax: .mebibytes(1))
    case .unpinFirst: try await registry.unpin(Self.release(1), of: remote, in: realm)
    case .recordFetch:
      // What the purge forgets in the same transaction.
      let fetch = Fetch(
        key: fetchKey(in: realm), blob: try house.put(files[0][0]), type: "text/javascript",
        etag: nil, lastModified: nil, integrity: [], fetchedAt: 1)
      try await registry.recordFetches([fetch])
    case .putEntry: try await putEntry(files[0][0], at: 1, in: house)
    case .putAgain: try await putEntry(files[0][1], at: 2, in: house)
    case .purge: try await registry.recordPurge(of: Self.digest(files[0][0]), in: realm)
    case .purgeAgain: try await registry.recordPurge(of: Self.digest(files[1][1]), in: realm)
    case .rollback: _ = try await registry.rollback(of: remote, in: realm)
    }
  }

  private func putEntry(
    _ content: [UInt8], at time: Int64, in house: StoreAndRegistry
  ) async throws {
    let blob = try house.put(content)
    try await house.registry.put(
      KeyedEntry(
        key: try entryKey(in: house.realm), blob: blob, needs: [blob.digest], writtenAt: time,
        writtenBy: 0, usedAt: house.registry.now()))
  }

  /// One release more, after all steps.
  func goOn(in house: StoreAndRegistry) async throws {
    try await publish(9, [Array("what came afterwards".utf8)], in: house)
  }

  private func publish(
    _ number: Int, _ files: [[UInt8]], in house: StoreAndRegistry
  ) async throws {
    let assets = try files.enumerated().map {
      ReleaseAsset(path: "\($0).js", blob: try house.put($1), type: "text/javascript")
    }
    let draft = ReleaseDraft(
      id: try Self.release(number), completeness: .exact,
      variants: [
        ReleaseVariant(
          target: "web", ruleSet: "webpack", webpack: "5.97", entry: "0.js", facts: "{}",
          stats: nil, assets: assets)
      ])
    _ = try await house.registry.commitRelease(
      draft, of: remote, in: house.realm, movingChannel: .current, creatingRemote: true)
  }

  /// Everything that the registry says, as text.
  func picture(of house: StoreAndRegistry) async throws -> String {
    let (registry, realm) = (house.registry, house.realm)
    let remotes = try await registry.remotes(in: realm)
    let channels =
      remotes.isEmpty ? [] : try await registry.channels(of: remote, in: realm).map { "\($0)" }
    return """
      \(remotes)
      \(remotes.isEmpty ? [] : try await registry.releases(of: remote, in: realm))
      \(channels.sorted())
      \(try await registry.pins(in: realm))
      \(try await registry.purges(in: realm).map { "\($0)" }.sorted())
      \(String(describing: try await registry.fetch(fetchKey(in: realm))))
      \(String(describing: try await registry.entry(entryKey(in: realm))))
      """
  }

  /// Which of these the store cannot read, or reads wrong.
  func unreadable(_ digests: Set<Digest>, in house: StoreAndRegistry) -> [String] {
    digests.sorted()
      .filter { digest in
        let bytes = try? house.store.read(digest, in: [house.realm])
        return bytes == nil || blobs[digest].map { $0 != bytes } == true
      }
      .map { "the registry names \($0), which cannot be read" }
  }

  private func entryKey(in realm: RealmID) throws -> EntryKey {
    let namespace = try #require(NamespaceName("tool"))
    return try #require(EntryKey(realm: realm, namespace: namespace, key: "step"))
  }

  private func fetchKey(in realm: RealmID) -> FetchKey {
    FetchKey(realm: realm, credential: "", url: "http://a.test/a.js", variant: "")
  }

  /// - Parameter number: 1 to 9.
  private static func release(_ number: Int) throws -> ReleaseID {
    try #require(ReleaseID(String(repeating: "\(number)", count: 32)))
  }

  private static func digest(_ bytes: [UInt8]) -> Digest {
    SHA256.hash(data: bytes).withUnsafeBytes { Digest(copying: $0) }
  }
}
