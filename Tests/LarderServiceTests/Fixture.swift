import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderPlatform
import LarderRegistry
import LarderStore
import Logging
import OriginRig
import SystemPackage
import Testing

@testable import LarderService

/// A service over a real store and registry in a folder that goes with the test.
struct Fixture: Sendable {
  let service: Service
  let peer: RealmCapability
  let store: Store
  let registry: Registry
  let fetcher: Fetcher
  let content: Content
  /// Seconds since 1970; a test may move it.
  let time: Locked<Int64>

  /// Stores bytes as PUT does, durably.
  ///
  /// - Parameter other: nil for the fixture's own peer.
  @discardableResult
  func put(_ bytes: [UInt8], for other: RealmCapability? = nil) async throws -> Digest {
    let realm = (other ?? peer).realm
    return try await content.run { (store) throws(StoreError) in
      let ingest = try store.beginPut(realm: realm)
      try bytes.withUnsafeBufferPointer { (buffer) throws(StoreError) in
        try ingest.append(UnsafeRawBufferPointer(buffer))
      }
      return try ingest.finish(ack: .durable).digest
    }
  }

  /// The bytes of a blob that is here.
  func bytes(_ digest: Digest?) async throws -> [UInt8] {
    try await content.read(try #require(digest), in: peer.readable)
  }

  /// What PUBLISH is sent for a deploy, its files put before.
  func variant(_ deploy: Deploy) async throws -> PublishMessage.Variant {
    var files: [PublishMessage.File] = []
    for (path, bytes) in deploy.files.sorted(by: { $0.key < $1.key }) {
      files.append(
        PublishMessage.File(
          path: path, digest: try await put(bytes), size: ByteCount(bytes.count)))
    }
    return PublishMessage.Variant(stats: try await put(deploy.stats), files: files)
  }

  @discardableResult
  func publish(_ deploys: Deploy..., as name: String? = nil) async throws -> ReleaseMessage {
    var variants: [PublishMessage.Variant] = []
    for deploy in deploys { variants.append(try await variant(deploy)) }
    return try await service.publish(
      PublishMessage.Request(name: name ?? deploys[0].name, variants: variants), for: peer)
  }

  /// A plan of its own for one module, for a Node host.
  func plan(
    _ remote: String, _ expose: String = "./Header", in session: HostSession? = nil
  ) async throws -> Plan {
    try await service.plan(
      [PlanRequest(remote: remote, expose: expose)], consumes: [],
      in: session ?? HostSession(host: HostFacts(name: "host", target: .asyncNode)), for: peer
    ).body
  }

  /// Returns when nothing is fetched for the remote any more.
  func settle(_ remote: String) async throws {
    let name = try #require(RemoteName(remote))
    await service.candidates.settled(name, in: peer.realm)
  }

  func ensure(
    _ url: String, integrity: String? = nil, authorization: String? = nil,
    deliver: Service.Delivery? = nil
  ) async throws(ServiceError) -> EnsureMessage.Reply {
    try await service.ensure(
      EnsureMessage.Request(url: url, integrity: integrity, authorization: authorization),
      for: peer, deliver: deliver)
  }
}

/// Runs `body` with a service of its own, and closes it afterwards.
@discardableResult
func withService<Value>(
  options: Store.Options = Store.Options(), lossRest: Duration = .zero,
  policy: RealmPolicy = RealmPolicy(), timing: Timing = .system,
  _ body: (Fixture) async throws -> Value
) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("larder-service-\(UUID().uuidString)")
  try FileManager.default.createDirectory(
    at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  // What is left behind in the temporary folder does no harm.
  defer { try? FileManager.default.removeItem(at: folder) }
  let store = try Store.open(
    FilePath(folder.appendingPathComponent("store").path), options: options)
  let workers = WorkerPool(name: "test", threadCount: 2, queueMax: 1024)
  let time = Locked<Int64>(1_700_000_000)
  let registry = try Registry(
    path: folder.appendingPathComponent("registry.sqlite").path, now: { time.withLock { $0 } },
    barrier: { _, _ in {} })
  var configuration = OriginConfiguration()
  // The tests' origins fail on purpose, and nobody waits for one to recover.
  configuration.limits.failuresMax = .max
  let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let fetcher = try Fetcher(
    configuration,
    timing: Timing(
      now: { ContinuousClock.now }, sleep: { _ in try Task.checkCancellation() }, random: { 0 }),
    logger: log)
  let service = Service(
    store: store, registry: registry, fetcher: fetcher, workers: workers, policy: policy,
    lossRest: lossRest, timing: timing, log: log)
  let fixture = Fixture(
    service: service, peer: try await service.capability(realm: "default"), store: store,
    registry: registry, fetcher: fetcher, content: Content(store: store, workers: workers),
    time: time)
  let result: Result<Value, any Error>
  do { result = .success(try await body(fixture)) } catch { result = .failure(error) }
  await fetcher.shutdown()
  await fixture.service.end()
  workers.close()
  try registry.close()
  try store.close()
  return try result.get()
}

/// Expects that `body` fails with this code; the answer is the error.
@discardableResult
func expectError<Value>(
  _ code: ServiceError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Value
) async throws -> ServiceError {
  do {
    let value = try await body()
    Issue.record("\(value) instead of \(code)", sourceLocation: sourceLocation)
  } catch let error as ServiceError {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    return error
  }
  throw Unmet()
}

struct Unmet: Error {}
