import DiskRig
import LarderCore
import LarderPlatform
import LarderRegistry
import LarderStore
import SystemPackage
import Testing

@testable import LarderService

/// The store and the registry of a daemon in one folder, as campaigns work on them.
final class StoreAndRegistry: Sendable {
  let store: Store
  let registry: Registry
  let realm: RealmID
  /// One for all: a campaign opens thousands, and not every one gets as far as to be closed.
  private static let workers = WorkerPool(name: "campaign", threadCount: 1, queueMax: 64)

  /// Opens both and keeps what the registry names, as the daemon does at its start.
  init(_ folder: FilePath, system: FileSystem = .real) async throws {
    let store = try Store.open(folder, options: .small, system: system)
    let file = folder.appending("registry.sqlite").string
    registry = try Registry(
      // SQLite takes the name of a VFS in a URI.
      path: system.databaseVFS.map { "file:\(file)?vfs=\($0)" } ?? file,
      now: { 1_700_000_000 }, barrier: Service.barrier(over: store, on: Self.workers))
    self.store = store
    realm = try await registry.realm(named: #require(RealmName("default"))).id
    try await store.keep(registry.referencedDigests(in: realm), in: realm)
  }

  func close() throws {
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
}
