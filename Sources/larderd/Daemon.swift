import Foundation
import LarderCore
import LarderGateway
import LarderMetrics
import LarderOrigin
import LarderPlatform
import LarderRegistry
import LarderService
import LarderSocket
import LarderStore
import Logging
import ServiceLifecycle
import SystemPackage
import UnixSignals

/// The parts of a running daemon, opened in the order in which they need each other and closed in
/// reverse.
enum Daemon {
  /// What the command line decided.
  struct Settings {
    var store: FilePath
    var quota: ByteCount
    var memory: ByteCount
    var sockets: [RealmSocket]
    var realmQuotas: [RealmQuota]
    var policy = RealmPolicy()
    var trustRootsFile: String?
    /// nil for no scrubs.
    var scrubInterval: Duration?
    /// nil for no gateway.
    var gateway: GatewayOptions?
    /// nil for nowhere.
    var operations: OperationsSettings?
    /// nil for no edge.
    var edge: EdgeOptions?
    var sites: [SiteOptions] = []
  }

  /// Threads for work that blocks: two for each core keep a disk's queue filled while others hash.
  private static let workerCount = 2 * max(2, ProcessInfo.processInfo.activeProcessorCount)

  /// Jobs that may wait for a worker: what 64 connections can have in flight.
  private static let jobsMax = 4096

  /// How long what was begun may take to end after a signal; systemd's own patience is 90 s.
  private static let drainDeadline = Duration.seconds(10)

  /// Opens everything, serves until a signal, closes everything.
  static func run(_ settings: Settings, log: Logger) async throws(DaemonError) {
    do throws(SystemCallError) { try DescriptorLimit.raise() } catch { throw DaemonError(error) }
    let store = try open(settings, log: log)
    do throws(DaemonError) {
      try await serve(settings, store, log)
    } catch {
      close(store, log)
      throw error
    }
    close(store, log)
    log.info("ended")
  }

  private static func serve(
    _ settings: Settings, _ store: Store, _ log: Logger
  ) async throws(DaemonError) {
    let workers = WorkerPool(name: "larder-work", threadCount: workerCount, queueMax: jobsMax)
    defer { workers.close() }
    let registry = try openRegistry(in: settings.store, over: store, workers)
    let fetcher = try openFetcher(settings, log)
    do throws(DaemonError) {
      let instruments = Instruments()
      let service = LarderService.Service(
        store: store, registry: registry, fetcher: fetcher, workers: workers,
        policy: settings.policy, instruments: instruments, log: log)
      let server = try await bind(settings.sockets, service, workers, instruments, log)
      try await setQuotas(settings.realmQuotas, service)
      let keeper = Task { await service.keep(scrubbingEvery: settings.scrubInterval) }
      defer { keeper.cancel() }
      var faces: [any ServiceLifecycle.Service] = [
        SocketFace(server: server, sockets: settings.sockets, deadline: drainDeadline, log: log)
      ]
      let gatewayLog = try openAccessLog(settings.gateway?.gatewayLog, instruments, log)
      defer { gatewayLog?.close() }
      if let gateway = settings.gateway {
        faces.append(
          try await open(gateway, settings.store, service, instruments, gatewayLog, log))
      }
      let edgeLog = try openAccessLog(settings.edge?.edgeLog, instruments, log)
      defer { edgeLog?.close() }
      if let edge = settings.edge {
        faces.append(
          try await open(edge, settings.sites, service, instruments, edgeLog, log))
      }
      faces = observed(faces, settings, service, [service, server, instruments], log)
      let logs = [gatewayLog, edgeLog].compactMap(\.self)
      if !logs.isEmpty { faces.append(Hangups { for log in logs { log.reopen() } }) }
      try await run(faces, ending: server, log)
      await fetcher.shutdown()
      await service.end()
    } catch {
      await fetcher.shutdown()
      close(registry, log)
      throw error
    }
    close(registry, log)
  }

  private static func open(_ settings: Settings, log: Logger) throws(DaemonError) -> Store {
    do throws(SystemCallError) {
      try makeFolder(settings.store.removingLastComponent())
    } catch {
      throw DaemonError(error)
    }
    do {
      var options = Store.Options(quota: settings.quota, hotMemory: settings.memory)
      options.waitsForKept = true
      let store = try Store.open(settings.store, options: options)
      log.info(
        "store open",
        metadata: [
          "path": "\(settings.store)", "blobs": "\(store.statistics.total.blobs)",
          "replayed": "\(store.opening.replayedRecords)",
          "truncated": "\(store.opening.truncatedSegments)",
          "lost": "\(store.opening.lostSegments)",
        ])
      return store
    } catch {
      throw DaemonError(error)
    }
  }

  private static func openRegistry(
    in folder: FilePath, over store: Store, _ workers: WorkerPool
  ) throws(DaemonError) -> Registry {
    do {
      return try Registry(
        path: folder.appending("registry.sqlite").string,
        now: { Int64(Date().timeIntervalSince1970) },
        barrier: LarderService.Service.barrier(over: store, on: workers))
    } catch {
      throw DaemonError(error)
    }
  }

  private static func openFetcher(
    _ settings: Settings, _ log: Logger
  ) throws(DaemonError) -> Fetcher {
    do {
      return try Fetcher(
        OriginConfiguration(
          trustRootsFile: settings.trustRootsFile, userAgent: "larderd/\(LarderVersion.current)"),
        logger: log)
    } catch {
      throw DaemonError(error)
    }
  }

  private static func setQuotas(
    _ quotas: [RealmQuota], _ service: LarderService.Service
  ) async throws(DaemonError) {
    do throws(ServiceError) {
      for quota in quotas {
        service.setQuota(quota.quota, for: try await service.capability(realm: quota.realm))
      }
    } catch {
      throw DaemonError(error)
    }
  }

  private static func bind(
    _ sockets: [RealmSocket], _ service: LarderService.Service, _ workers: WorkerPool,
    _ instruments: Instruments, _ log: Logger
  ) async throws(DaemonError) -> SocketServer {
    var endpoints: [SocketServer.Endpoint] = []
    for socket in sockets {
      endpoints.append(
        SocketServer.Endpoint(
          admission: try await admission(to: socket, service), path: FilePath(socket.path)))
      do { try makeFolder(FilePath(socket.path).removingLastComponent()) } catch {
        throw DaemonError(error)
      }
    }
    do throws(SystemCallError) {
      return try SocketServer(
        endpoints: endpoints, service: service, workers: workers,
        server: "larderd/\(LarderVersion.current)",
        limits: SocketLimits(descriptorsMax: try DescriptorLimit.raise()),
        instruments: instruments, log: log)
    } catch {
      throw DaemonError(error)
    }
  }

  private static func admission(
    to socket: RealmSocket, _ service: LarderService.Service
  ) async throws(DaemonError) -> Admission {
    var grants: [Admission.Grant] = []
    for grant in socket.grants {
      do {
        grants.append(
          Admission.Grant(
            to: grant.peers, try await service.capability(realm: grant.realm, may: grant.rights)))
      } catch {
        throw DaemonError(error)
      }
    }
    return Admission(grants)
  }

  /// Serves until SIGTERM or SIGINT, or until a face ends by itself.
  private static func run(
    _ faces: [any ServiceLifecycle.Service], ending server: SocketServer, _ log: Logger
  ) async throws(DaemonError) {
    var configuration = ServiceGroupConfiguration(
      services: faces.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
      logger: log)
    // Each face has this long, one after the other.
    configuration.maximumGracefulShutdownDuration = drainDeadline * faces.count
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as SystemCallError {
      await server.stop(within: .zero)
      throw DaemonError(error)
    } catch {
      log.error("a face ended: \(error)")
      await server.stop(within: .zero)
    }
  }

  private static func close(_ registry: Registry, _ log: Logger) {
    do { try registry.close() } catch { log.error("\(error)") }
  }

  private static func close(_ store: Store, _ log: Logger) {
    do { try store.close() } catch { log.error("\(error)") }
  }

  /// Makes a folder, and those above it that are missing, for this user alone.
  private static func makeFolder(_ path: FilePath) throws(SystemCallError) {
    guard !path.isEmpty, path.components.count > 0 else { return }
    do {
      _ = try FileSystem.real.createDirectory(path)
    } catch  where error.errno == .noSuchFileOrDirectory {
      try makeFolder(path.removingLastComponent())
      _ = try FileSystem.real.createDirectory(path)
    }
  }
}
