import Glibc
import LarderCore
package import LarderMessages
package import LarderMetrics
package import LarderPlatform
package import LarderService
package import Logging
package import SystemPackage

/// The native socket: listens on one socket per realm and serves them all from one thread.
///
/// `start` begins, `stop` ends; a server is not started twice. Content is read and written on
/// `workers`, which the owner closes after `stop` has returned.
package final class SocketServer: Sendable {
  /// A place to listen at, and what whoever connects there may do.
  package struct Endpoint: Sendable {
    package var admission: Admission
    /// At most 107 bytes, in a folder that is this user's: of mode 0700 where nobody else is
    /// admitted, else one that nobody else writes to.
    package var path: FilePath

    package init(admission: Admission, path: FilePath) {
      self.admission = admission
      self.path = path
    }

    /// Admits this process's user, and root.
    package init(capability: RealmCapability, path: FilePath) {
      self.init(admission: Admission(of: Self.owners, capability), path: path)
    }

    /// Those who may read the store's files anyway.
    static var owners: Set<UInt32> { [geteuid(), 0] }
  }

  private struct State {
    var listeners: [ListeningSocket]
    var isStarted = false
    var isEnded = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let context: FaceContext
  private let clock: SocketClock
  private let thread = WorkerPool(name: "larder-socket", threadCount: 1, queueMax: 1)
  private let state: Locked<State>

  /// Binds all endpoints: from here on clients can connect, and wait until `start`.
  ///
  /// - Parameters:
  ///   - workers: room for waiting jobs bounds what may wait for the disk; beyond it requests are
  ///     refused with `busy`.
  ///   - server: program and version, as HELLO tells it.
  /// - Throws: as `SocketListener`: `EADDRINUSE` where another daemon answers; then none is bound.
  package init(
    endpoints: [Endpoint], service: Service, workers: WorkerPool, server: String,
    limits: SocketLimits = SocketLimits(), clock: SocketClock = .monotonic(),
    instruments: Instruments = Instruments(), log: Logger
  ) throws(SystemCallError) {
    SocketSignals.ignoreBrokenPipe()
    var listeners: [ListeningSocket] = []
    for endpoint in endpoints { listeners.append(try ListeningSocket(endpoint)) }
    context = FaceContext(
      service: service, workers: workers, mailbox: try LoopMailbox(), counters: SocketCounters(),
      instruments: SocketInstruments(instruments),
      limits: limits, unread: UnreadDescriptors(openMax: try DescriptorLimit.current),
      server: server, log: log)
    self.clock = clock
    state = Locked(State(listeners: listeners))
  }

  var counters: SocketCounters { context.counters }

  /// Connections that are open, were accepted, or were closed for what they sent.
  package var connections: StatisticsMessage.Connections { context.counters.connections }

  /// Begins to serve, on a thread of its own.
  ///
  /// - Throws: where the kernel gives no epoll instance.
  package func start() throws(SystemCallError) {
    let epoll = try Epoll()
    let listeners: [ListeningSocket] = state.withLock { state in
      precondition(!state.isStarted, "a socket server is started once")
      state.isStarted = true
      defer { state.listeners = [] }
      return state.listeners
    }
    let parts = EventLoop.Parts(
      epoll: epoll, listeners: listeners, context: context, clock: clock)
    let isTaken = thread.submit { [self] in
      EventLoop(parts).run()
      ended()
    }
    precondition(isTaken, "a new thread has room for its one job")
  }

  /// Takes nothing more, lets what was begun end for at most `deadline`, closes all connections and
  /// removes the sockets' files. Returns when the thread has ended; at once if it was never
  /// started.
  package func stop(within deadline: Duration) async {
    let isRunning = state.withLock { state in
      state.listeners = []
      return state.isStarted && !state.isEnded
    }
    if isRunning {
      context.mailbox.post(.stop(within: deadline))
      await finished()
    }
    thread.close()
  }

  /// Suspends until the server has ended.
  package func finished() async {
    await withCheckedContinuation { continuation in
      let isEnded = state.withLock { state in
        if !state.isEnded { state.waiting.append(continuation) }
        return state.isEnded
      }
      if isEnded { continuation.resume() }
    }
  }

  /// Looks at all deadlines now instead of within a second; for clocks that are driven by hand.
  package func checkDeadlines() { context.mailbox.post(.checkDeadlines) }

  private func ended() {
    let waiting = state.withLock { state in
      state.isEnded = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
