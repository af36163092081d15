import GRDB
package import LarderCore

/// What cannot be rebuilt: realms, remotes, releases, channels and what was fetched, in
/// `registry.sqlite`.
///
/// One connection, held exclusively, on GRDB's own serial queue: calls wait there, never on the
/// cooperative pool, and see each other's commits in the order of the calls. A call that writes is
/// one transaction; when it returns, its change survives a power cut (`synchronous=FULL`). Each row
/// carries a checksum: a read gives what was written or an error of code `corrupt`.
///
/// A commit that names digests first runs the barrier given at opening, which returns once the
/// content is synced: so a release that survives never names bytes that did not.
package final class Registry: Sendable {
  /// Returns once the blobs of these digests in this realm survive a power cut and are held from
  /// eviction, or throws. What it returns is called when the commit that names them is over.
  package typealias Barrier =
    @Sendable (RealmID, Set<Digest>) async throws -> @Sendable () -> Void

  let limits: RegistryLimits
  /// Seconds since 1970.
  package let now: @Sendable () -> Int64
  private let barrier: Barrier
  private let database: DatabaseQueue
  /// The log will be emptied once what waits on the queue is done.
  private let isLogDue = Locked(false)
  let retentions = Locked<[RealmID: Retention]>([:])
  private let moveCount = Locked<UInt64>(0)
  private let whenMoved = Locked<(@Sendable (RemoteName, RealmID) -> Void)?>(nil)

  /// Opens the file at `path`, or makes it, in a directory that exists and that only the daemon can
  /// write.
  ///
  /// Blocks on the disk: reads the whole file once to check it. Call it before serving.
  /// - Parameters:
  ///   - now: the time in seconds since 1970.
  ///   - barrier: run before each commit that names digests.
  /// - Throws: `locked` if another process has it open, `newerSchema`, `notARegistry` or `corrupt`
  ///   if it is not a registry of ours (then nothing was written), `io` or `noSpace`.
  package init(
    path: String, limits: RegistryLimits = RegistryLimits(), now: @escaping @Sendable () -> Int64,
    barrier: @escaping Barrier
  ) throws(RegistryError) {
    self.limits = limits
    self.now = now
    self.barrier = barrier
    do {
      database = try Registry.connect(path)
    } catch {
      throw RegistryError.mapping(error, attempting: "opening \(path)")
    }
  }

  /// Has `body` called after each commit that may have moved a channel of a remote, on whatever
  /// thread; it must return at once.
  package func whenChannelsMove(_ body: @escaping @Sendable (RemoteName, RealmID) -> Void) {
    whenMoved.withLock { $0 = body }
  }

  /// Grows after each commit that may have changed to which release a name leads. While it stands,
  /// so do the answers.
  package var moves: UInt64 { moveCount.withLock { $0 } }

  /// To be called when a call that moves channels or registers names is over, well or not: of one
  /// that was cancelled nobody knows whether it was committed.
  func channelsMoved(of remote: RemoteName, in realm: RealmID) {
    moveCount.withLock { $0 += 1 }
    whenMoved.withLock { $0 }?(remote, realm)
  }

  /// Writes what the log holds into the file and closes it. Blocks on the disk. Calls that come
  /// later fail.
  package func close() throws(RegistryError) {
    do {
      try database.close()
    } catch {
      throw RegistryError.mapping(error, attempting: "closing registry.sqlite")
    }
  }

  private static func connect(_ path: String) throws -> DatabaseQueue {
    try refuseForeignFile(path)
    var configuration = Configuration()
    configuration.label = "registry"
    configuration.journalMode = .wal
    configuration.prepareDatabase { db in
      // Before the first access, so that the log's index lives in our memory and no second
      // connection can come.
      try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
      try db.execute(sql: "PRAGMA cell_size_check = ON")
      // 256 pages of 4 KiB: where the log could not be emptied it is written back each MiB, and cut
      // to 4 MiB after a large commit.
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 256")
      try db.execute(sql: "PRAGMA journal_size_limit = 4194304")
      try RegistrySchema.admit(db)
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    // GRDB sets NORMAL with WAL, which loses the last commits in a power cut.
    try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
    try RegistrySchema.migrate(queue)
    try queue.read(RegistrySchema.check)
    queue.writeWithoutTransaction { db in emptyLog(db) }
    return queue
  }

  /// Writes the log back into the file.
  ///
  /// SQLite takes a log to end at the first bit that turned in it: commits behind that would be
  /// gone, and pages of them that are in the file already would stand beside older ones. So
  /// nothing is left in it for longer than it takes to write it back.
  private static func emptyLog(_ db: Database) {
    // Where there is no room, what the log holds is as durable there: the next commit tries again.
    _ = try? db.checkpoint(.truncate)
  }

  /// Looks at the file through a connection that cannot write: the other one would turn on its log
  /// first.
  private static func refuseForeignFile(_ path: String) throws {
    var configuration = Configuration()
    configuration.readonly = true
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.read(RegistrySchema.admit)
      try queue.close()
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
    {
      // There is no file yet, it cannot be opened, or a first start was killed and its rollback
      // journal waits for a connection that may write. That one will say which, and looks at the
      // file again before it changes any.
      return
    }
  }

  /// Runs `body` on the connection without letting it write.
  func read<Value: Sendable>(
    _ attempt: String, _ body: @Sendable (Database) throws -> Value
  ) async throws(RegistryError) -> Value {
    do {
      return try await database.read { db in try body(db) }
    } catch {
      throw RegistryError.mapping(error, attempting: attempt)
    }
  }

  /// Runs `body` as one transaction: all of it or, on any error, nothing.
  func write<Value: Sendable>(
    _ attempt: String, _ body: @Sendable (Database) throws -> Value
  ) async throws(RegistryError) -> Value {
    do {
      let value = try await database.write { db in try body(db) }
      emptyLogSoon()
      return value
    } catch {
      throw RegistryError.mapping(error, attempting: attempt)
    }
  }

  /// Behind the answer; commits that wait already share one emptying. A call that comes within it
  /// waits: some milliseconds, for a sync of the file.
  private func emptyLogSoon() {
    let wasDue = isLogDue.withLock { isDue in
      defer { isDue = true }
      return isDue
    }
    if wasDue { return }
    database.asyncWriteWithoutTransaction { [isLogDue] db in
      isLogDue.withLock { $0 = false }
      Registry.emptyLog(db)
    }
  }

  /// As `write`, after the barrier has passed for `digests`: they are here, purged before or not.
  func write<Value: Sendable>(
    _ attempt: String, naming digests: Set<Digest>, in realm: RealmID,
    _ body: @Sendable (Database) throws -> Value
  ) async throws(RegistryError) -> Value {
    let commitIsOver: @Sendable () -> Void
    do {
      commitIsOver = try await barrier(realm, digests)
    } catch is CancellationError {
      throw RegistryError(.cancelled, "\(attempt) was cancelled", remedy: "ask again")
    } catch {
      throw RegistryError(
        .notSynced, "\(attempt) failed: the content could not be synced: \(error)",
        remedy: "check the store's disk; nothing was committed", cause: error)
    }
    defer { commitIsOver() }
    return try await write(attempt) { db in
      try PurgeRow.forget(db, digests, in: realm)
      return try body(db)
    }
  }
}
