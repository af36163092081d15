import Foundation
import LarderCore
import LarderOrigin
import LarderPlatform
import LarderRegistry
import LarderService
import LarderStore
import LarderWire
import Logging
import SystemPackage

@testable import LarderClient
@testable import LarderSocket

/// A socket server with a real service over a store of its own, all in a temporary folder.
final class TestDaemon: Sendable {
  let folder: FilePath
  let server: SocketServer
  let service: Service
  let store: Store
  let workers: WorkerPool
  let clock: HandClock
  let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let registry: Registry
  private let fetcher: Fetcher

  /// Runs `body` with a daemon that serves `realms`, and ends it afterwards.
  static func run<Result>(
    realms: [String] = ["default"], limits: SocketLimits = SocketLimits(),
    options: Store.Options = Store.Options(),
    _ body: (TestDaemon) async throws -> Result
  ) async throws -> Result {
    let daemon = try await TestDaemon(realms: realms, limits: limits, options: options)
    do {
      let result = try await body(daemon)
      try await daemon.end()
      return result
    } catch {
      try await daemon.end()
      throw error
    }
  }

  private init(
    realms: [String], limits: SocketLimits, options: Store.Options
  ) async throws {
    folder = FilePath(NSTemporaryDirectory()).appending("larder-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
      atPath: folder.string, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    workers = WorkerPool(name: "test-io", threadCount: 2, queueMax: 1_000)
    let store = try Store.open(folder.appending("store"), options: options)
    self.store = store
    registry = try Registry(
      path: folder.appending("registry.sqlite").string, now: { 0 }, barrier: { _, _ in {} })
    fetcher = try Fetcher(logger: log)
    service = Service(
      store: store, registry: registry, fetcher: fetcher, workers: workers, log: log)
    var endpoints: [SocketServer.Endpoint] = []
    for realm in realms {
      endpoints.append(
        SocketServer.Endpoint(
          capability: try await service.capability(realm: realm),
          path: folder.appending("\(realm).sock")))
    }
    endpoints.append(
      SocketServer.Endpoint(
        capability: try await service.capability(realm: "default", may: .administrator),
        path: folder.appending("\(TestDaemon.admin).sock")))
    clock = HandClock()
    server = try SocketServer(
      endpoints: endpoints, service: service, workers: workers, server: "larderd/test",
      limits: limits, clock: clock.socketClock, log: log)
    try server.start()
  }

  private func end() async throws {
    await server.stop(within: .zero)
    await fetcher.shutdown()
    workers.close()
    try registry.close()
    try store.close()
    try FileManager.default.removeItem(atPath: folder.string)
  }

  /// Where the admin socket is, as `connect(to:)` takes it.
  static let admin = "default-admin"

  func path(of realm: String = "default") -> FilePath { folder.appending("\(realm).sock") }

  func endpoint(_ name: String) async throws -> SocketServer.Endpoint {
    SocketServer.Endpoint(
      capability: try await service.capability(realm: name), path: folder.appending("\(name).sock"))
  }

  /// A client for tasks, which says where it finds no daemon, and waits a minute at most.
  func client(to realm: String = "default") -> LarderClient {
    var options = LarderClient.Options(name: "test")
    options.readsWithoutDaemon = .failure
    options.connectTimeout = .seconds(60)
    options.readTimeout = .seconds(60)
    options.replyTimeout = .seconds(60)
    options.contentPauseMax = .seconds(600)
    return LarderClient(socketPath: path(of: realm).string, options: options)
  }

  /// A client that waits ten seconds at most: a daemon that does not answer fails a test, and does
  /// not hang it.
  func connect(to realm: String = "default") throws -> BlockingClient {
    try BlockingClient(
      path: path(of: realm).string,
      options: BlockingClient.Options(name: "test", replyTimeout: .seconds(60)))
  }

  /// Moves the daemon's clock and makes it look.
  func pass(_ time: Duration) {
    clock.pass(time)
    server.checkDeadlines()
  }

  /// As `settle`, on a thread that may be blocked.
  func settles(_ condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while !condition() {
      if ContinuousClock.now > end { return false }
      sched_yield()
    }
    return true
  }

  /// Returns once `condition` holds, or after a minute.
  func settle(_ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while !condition() {
      if ContinuousClock.now > end { return false }
      await Task.yield()
    }
    return true
  }
}

/// A clock that only tests move.
final class HandClock: Sendable {
  private let time = Locked<Duration>(.zero)

  var socketClock: SocketClock { SocketClock { [self] in time.withLock { $0 } } }

  func pass(_ duration: Duration) { time.withLock { $0 += duration } }
}

/// Runs what blocks on a thread of its own: the daemon's tasks need the cooperative pool.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws
  -> Result
{
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
  }
}

/// Bytes that look random and are the same for the same seed; LZ4 does not shorten them.
func noise(_ count: Int, seed: UInt64) -> [UInt8] {
  var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
  return (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: state >> 24)
  }
}
