import Foundation
import LarderCore
import LarderMessages
import LarderOrigin
import LarderPlatform
import LarderRegistry
import LarderService
import LarderStore
import Logging
import OriginRig
import SystemPackage

/// A service over a store of its own in a temporary folder, for faces that listen.
struct TestService: TestPublisher {
  let service: Service
  let peer: RealmCapability
  let log: Logger
  /// Goes with it.
  let folder: FilePath

  /// Runs `body` with a service, and ends it afterwards.
  ///
  /// - Parameters:
  ///   - origins: how origins are asked.
  ///   - timing: of what is done about those that fail.
  static func run<Value: Sendable>(
    origins: OriginConfiguration = OriginConfiguration(), timing: Timing = .system,
    _ body: @Sendable (TestService) async throws -> Value
  ) async throws -> Value {
    let folder = FilePath(NSTemporaryDirectory()).appending("larder-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
      atPath: folder.string, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    // What is left behind in the temporary folder does no harm.
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let store = try Store.open(folder.appending("store"), options: Store.Options())
    let workers = WorkerPool(name: "test", threadCount: 2, queueMax: 1_024)
    let registry = try Registry(
      path: folder.appending("registry.sqlite").string, now: { 1_700_000_000 },
      barrier: { _, _ in {} })
    let fetcher = try Fetcher(origins, timing: timing, logger: log)
    let service = Service(
      store: store, registry: registry, fetcher: fetcher, workers: workers, log: log)
    let result = await Result { () async throws(any Error) in
      try await body(
        TestService(
          service: service, peer: try await service.capability(realm: "default"), log: log,
          folder: folder))
    }
    await fetcher.shutdown()
    await service.end()
    workers.close()
    try registry.close()
    try store.close()
    return try result.get()
  }
}

/// Who publishes to a service.
protocol TestPublisher: Sendable {
  var service: Service { get }
  var peer: RealmCapability { get }
}

extension TestPublisher {
  /// Stores bytes as PUT does.
  func put(_ bytes: [UInt8]) async throws -> Digest {
    try await blocking { [service, peer] in
      let ingest = try service.beginPut(for: peer)
      try bytes.withUnsafeBufferPointer { (buffer) throws(StoreError) in
        try ingest.append(UnsafeRawBufferPointer(buffer))
      }
      return try ingest.finish(ack: .accepted).digest
    }
  }

  @discardableResult
  func publish(_ deploy: Deploy) async throws -> ReleaseMessage {
    try await publish(deploy.name, deploy.files, stats: deploy.stats)
  }

  /// - Parameter stats: nil for a build whose entry is read.
  @discardableResult
  func publish(
    _ name: String, _ files: [String: [UInt8]], stats: [UInt8]? = nil
  ) async throws -> ReleaseMessage {
    var published: [PublishMessage.File] = []
    for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
      published.append(
        PublishMessage.File(
          path: path, digest: try await put(bytes), size: ByteCount(bytes.count)))
    }
    var variant = PublishMessage.Variant(
      stats: nil, entry: stats == nil ? "remoteEntry.js" : nil, files: published)
    if let stats { variant.stats = try await put(stats) }
    return try await service.publish(
      PublishMessage.Request(name: name, variants: [variant]), for: peer)
  }
}

/// Runs what blocks on a thread of its own: the gateway's tasks need the cooperative pool.
func blocking<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
  }
}
