import DiskRig
import LarderCore
import LarderPlatform
import LarderRegistry
import LarderStore
import SystemPackage
import Testing

@testable import LarderService

/// The store and the registry of a daemon in one folder, as a crash campaign works on them.
final class CrashedHouse: Sendable {
  let store: Store
  let registry: Registry
  let realm: RealmID
  private let workers = WorkerPool(name: "crash", threadCount: 1, queueMax: 64)

  init(_ folder: FilePath, system: FileSystem = .real) async throws {
    let store = try Store.open(folder, options: .small, system: system)
    let file = folder.appending("registry.sqlite").string
    registry = try Registry(
      // SQLite takes the name of a VFS in a URI.
      path: system.databaseVFS.map { "file:\(file)?vfs=\($0)" } ?? file,
      now: { 1_700_000_000 }, barrier: Service.barrier(over: store, on: workers))
    self.store = store
    realm = try await registry.realm(named: #require(RealmName("default"))).id
  }

  func close() throws {
    workers.close()
    try registry.close()
    try store.close()
  }

  /// Stores bytes that a power cut may take until something names them.
  func put(_ bytes: [UInt8]) throws -> BlobStat {
    let ingest = try store.beginPut(realm: realm)
    try bytes.withUnsafeBytes { try ingest.append($0) }
    let digest = try ingest.finish(ack: .accepted).digest
    return BlobStat(digest: digest, size: ByteCount(bytes.count))
  }

  /// The id of a release.
  ///
  /// - Parameter number: 1 to 9.
  static func release(_ number: Int) throws -> ReleaseID {
    try #require(ReleaseID(String(repeating: "\(number)", count: 32)))
  }

  /// A release of these files.
  func draft(_ number: Int, _ files: [[UInt8]]) throws -> ReleaseDraft {
    let assets = try files.enumerated().map {
      ReleaseAsset(path: "\($0).js", blob: try put($1), type: "text/javascript")
    }
    return ReleaseDraft(
      id: try CrashedHouse.release(number), completeness: .exact,
      variants: [
        ReleaseVariant(
          target: "web", ruleSet: "webpack", webpack: "5.97", entry: "0.js", facts: "{}",
          stats: nil, assets: assets)
      ])
  }

  /// Everything that the registry says, as text; what it names is told of `fetches` too.
  func picture(of remote: RemoteName, _ fetches: [FetchKey]) async throws -> String {
    let remotes = try await registry.remotes(in: realm)
    guard !remotes.isEmpty else { return "" }
    let channels = try await registry.channels(of: remote, in: realm)
      .map { "\($0): \($1)" }.sorted()
    var known: [String] = []
    for key in fetches {
      if let fetch = try await registry.fetch(key) { known.append("\(fetch)") }
    }
    return """
      \(remotes)
      \(try await registry.releases(of: remote, in: realm))
      \(channels)
      \(try await registry.pins(in: realm))
      \(known)
      """
  }

  /// What the registry names and the store cannot read, or reads wrong.
  func unreadable(_ blobs: [Digest: [UInt8]]) async throws -> [String] {
    try await registry.referencedDigests(in: realm)
      .union(registry.fetchedDigests(in: realm)).sorted()
      .filter { (try? store.read($0, in: [realm])) != blobs[$0] }
      .map { "the registry names \($0), which cannot be read" }
  }
}
