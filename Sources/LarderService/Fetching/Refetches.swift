import LarderCore
import LarderOrigin
import LarderRegistry
import LarderStore
import Logging

/// Fetches content again that failed its check or is gone: for who reads it, at once; else in the
/// background, as the store finds it.
///
/// ```
///   read, scrub ──> quarantine ──> background ──┐
///   PLAN, OPEN, ENSURE ─────────────────────────┴──> registry: from where? ──> origin ──> store
/// ```
///
/// What comes is stored only if it has the digest, and in the realm that lacks it. Content that was
/// published or put here, and content that an authorization is needed for, cannot be had so. What
/// was purged is left alone.
final class Refetches: Sendable {
  /// A blob that a realm should have and cannot read.
  struct Damage: Hashable, Sendable {
    let digest: Digest
    let realm: RealmID
  }

  /// Blobs that are fetched in the background, or for one plan, at a time: as many as a candidate's
  /// files in the background, for each of two origins.
  static let concurrentMax = 4

  /// Damaged blobs that wait for the background: the records of one full segment of 64 MiB at 16
  /// KiB each. What finds no place is fetched when somebody asks for it.
  static let waitingMax = 4_096

  /// Before each further attempt in the background. An origin that is being deployed or restarted
  /// is back by the last; after it the blob waits for a reader, or for the daemon's next start.
  static let pauses: [Duration] = [.seconds(1), .seconds(10), .seconds(60)]

  /// Losses that are remembered: what one broken release and some more come to.
  private static let lossesMax = 1_024

  private let fetches: SharedFetches
  private let lossRest: Duration
  private let losses = Locked<[Damage: (loss: Loss, end: ContinuousClock.Instant)]>([:])
  let content: Content
  let registry: Registry
  let log: Logger
  let damaged: AsyncStream<Damage>
  let found: AsyncStream<Damage>.Continuation

  /// Listens to the store's quarantine from now on.
  ///
  /// - Parameter lossRest: how long readers are told of a loss without another attempt.
  init(
    fetches: SharedFetches, content: Content, registry: Registry, lossRest: Duration, log: Logger
  ) {
    self.fetches = fetches
    self.lossRest = lossRest
    self.content = content
    self.registry = registry
    self.log = log
    let (damaged, found) = AsyncStream.makeStream(
      of: Damage.self, bufferingPolicy: .bufferingOldest(Self.waitingMax))
    self.damaged = damaged
    self.found = found
    content.store.whenQuarantined { blob in
      log.warning(
        "stored content failed its check",
        metadata: [
          "digest": "\(blob.digest)", "realm": "\(blob.realm)", "segment": "\(blob.segment)",
          "offset": "\(blob.offset)", "reason": "\(blob.reason)",
        ])
      // Nobody gave a piece by itself.
      if !blob.isPart { found.yield(Damage(digest: blob.digest, realm: blob.realm)) }
    }
  }

  /// Makes a blob present that one of these realms should have.
  ///
  /// - Parameter fetch: what to ask first: a URL with the rights of who reads it.
  /// - Throws: `corrupt` with what can be done about it, `notFound` where nothing tells where the
  ///   blob came from, `busy`, `shuttingDown`.
  func restore(
    _ digest: Digest, in realms: [RealmID], asking fetch: SharedFetch? = nil
  ) async throws(ServiceError) {
    if fetch == nil, let realm = realms.first, let loss = recentLoss(digest, realm) {
      if content.store.stat(digest, in: realms) == nil { throw loss.error }
    }
    do throws(Loss) { try await refetch(digest, in: realms, asking: fetch) } catch {
      throw error.error
    }
  }

  /// Hosts that plan a release with a lost file, one after the other, make one request.
  private func recentLoss(_ digest: Digest, _ realm: RealmID) -> Loss? {
    losses.withLock { losses in
      losses[Damage(digest: digest, realm: realm)].flatMap { $0.end > .now ? $0.loss : nil }
    }
  }

  private func remember(_ loss: Loss, of digest: Digest, _ realm: RealmID) {
    losses.withLock { losses in
      if losses.count >= Self.lossesMax { losses.removeAll(keepingCapacity: true) }
      losses[Damage(digest: digest, realm: realm)] = (loss, .now + lossRest)
    }
  }

  /// Makes blobs present, a few at a time.
  ///
  /// - Returns: the errors of those that are not.
  func restore(
    _ digests: Set<Digest>, in realms: [RealmID]
  ) async -> [Digest: ServiceError] {
    let failures = Locked<[Digest: ServiceError]>([:])
    let all = AsyncStream<Digest> { stream in
      for digest in digests { stream.yield(digest) }
      stream.finish()
    }
    await forEach(in: all) { digest in
      do throws(ServiceError) { try await self.restore(digest, in: realms) } catch {
        failures.withLock { $0[digest] = error }
      }
    }
    return failures.withLock { $0 }
  }

  func forEach<Element: Sendable>(
    in elements: AsyncStream<Element>, _ body: @escaping @Sendable (Element) async -> Void
  ) async {
    await withTaskGroup(of: Void.self) { group in
      var running = 0
      for await element in elements {
        if running == Self.concurrentMax {
          await group.next()
          running -= 1
        }
        group.addTask { await body(element) }
        running += 1
      }
    }
  }

  // MARK: - One attempt

  func refetch(
    _ digest: Digest, in realms: [RealmID], asking fetch: SharedFetch? = nil
  ) async throws(Loss) {
    if content.store.stat(digest, in: realms) != nil { return }
    var loss = Loss(
      ServiceError(
        .notFound, "blob \(digest) is not here, and nothing tells where it came from",
        remedy: "put it again", subject: digest.hex))
    if let fetch {
      do throws(ServiceError) { return try await ask(fetch, for: digest) } catch {
        loss = Loss(of: fetch.url, at: error, remedy: nil)
      }
    }
    for realm in realms {
      let source: ContentSource?
      let wasPurged: Bool
      do {
        source = try await ContentSource(
          of: digest, in: realm, by: registry, where: fetches.isOwn)
        wasPurged = try await registry.purges(in: realm)[digest] != nil
      } catch { throw Loss(ServiceError(error)) }
      guard let source else { continue }
      if wasPurged, fetch == nil { throw Loss(ofPurged: source) }
      if source.fetches.isEmpty, fetch == nil { loss = Loss(of: source) }
      for fetch in source.fetches {
        do throws(ServiceError) { return try await ask(fetch, for: digest) } catch {
          // An origin that may come back says more than another that has something else there.
          if loss.mayPass { continue }
          loss = Loss(of: source.name, at: error, remedy: source.remedy)
        }
      }
    }
    if let realm = realms.first, loss.isOfContent { remember(loss, of: digest, realm) }
    throw loss
  }

  private func ask(_ fetch: SharedFetch, for digest: Digest) async throws(ServiceError) {
    _ = try await fetches.landing(
      fetch, FetchTerms(integrity: Integrity(digest)), for: .refetched)
  }
}
