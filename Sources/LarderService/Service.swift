import LarderCore
import LarderFederation
package import LarderMetrics
package import LarderOrigin
package import LarderPlatform
package import LarderRegistry
package import LarderStore
package import Logging

/// What the daemon does, whichever face asked: one use case a file.
///
/// Calls that only look something up return at once; `read` and the put calls block and belong on a
/// worker; all else is `async` and may wait for an origin.
package final class Service: Sendable {
  let content: Content
  let registry: Registry
  let policy: RealmPolicy
  let realms: RealmRules
  let fetches: SharedFetches
  let instruments: ServiceInstruments
  let descriptions: DescriptionReader
  let candidates: Candidates
  let refetches: Refetches
  let updates: UpdateSchedule
  let revalidations: Revalidations
  let recorded = RecordedReleases()
  let plans = PlanMemo()
  let reported = ReportedDifferences()
  let uses = SharedUses()
  let sessions = LiveSessions()
  let checks = RunningCheck()
  let watchers = MoveWatchers()
  let events: RecentEvents
  let derived = DerivedFiles()
  let encodings = Encodings()
  let checkups = Checkups(patience: Service.healthPatience)
  /// Where pages reach each realm.
  let gateways = Locked<[RealmID: [String]]>([:])
  /// Where people who may decide for each realm look at it.
  let consoles = Locked<[RealmID: [String]]>([:])
  /// Seconds since 1970 when a scrub last came to its end.
  let lastScrub = Locked<Int64?>(nil)
  let log: Logger
  private let clock: ContinuousClock
  private let started: ContinuousClock.Instant

  /// Composes what was opened before; the caller closes it after the last call has returned.
  ///
  /// - Parameters:
  ///   - workers: threads for what blocks on the store.
  ///   - policy: what realms read from each other and fetch.
  ///   - lossRest: how long nobody asks an origin again for a damaged blob that it did not give;
  ///     hosts that start together share the answer, and a person who tries again asks anew.
  ///   - timing: when remotes are updated by themselves, or for pages.
  ///   - instruments: what counts.
  package init(
    store: Store, registry: Registry, fetcher: Fetcher, workers: WorkerPool,
    policy: RealmPolicy = RealmPolicy(), lossRest: Duration = .seconds(5),
    timing: Timing = .system, instruments: Instruments = Instruments(), log: Logger
  ) {
    content = Content(store: store, workers: workers)
    self.registry = registry
    self.policy = policy
    self.log = log
    realms = RealmRules()
    updates = UpdateSchedule(timing: timing, now: registry.now)
    revalidations = Revalidations(timing: timing)
    self.instruments = ServiceInstruments(instruments)
    fetches = SharedFetches(
      fetcher: fetcher, content: content, registry: registry, realms: realms,
      instruments: self.instruments, log: log)
    events = RecentEvents(now: registry.now)
    descriptions = DescriptionReader(fetches: fetches, content: content)
    candidates = Candidates(
      descriptions: descriptions, fetches: fetches, registry: registry, sessions: sessions,
      events: events, log: log)
    refetches = Refetches(
      fetches: fetches, content: content, registry: registry, lossRest: lossRest, log: log)
    clock = ContinuousClock()
    started = clock.now
    registry.whenChannelsMove { [watchers] in watchers.wake($0, in: $1) }
  }

  /// How long the service has run.
  var uptime: Duration { clock.now - started }
}
