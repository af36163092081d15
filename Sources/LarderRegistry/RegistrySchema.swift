import GRDB

/// The tables, and what says that a file holds them.
enum RegistrySchema {
  /// `LRDG` in ASCII: tells a registry from any other SQLite file (`PRAGMA application_id`).
  static let applicationID: Int64 = 0x4c52_4447
  /// Grows with each migration (`PRAGMA user_version`).
  static let version: Int64 = 5

  /// Refuses a file that this program must not touch; an empty database passes. Reads only.
  static func admit(_ db: Database) throws {
    let application = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let found = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    // GRDB's own table of migrations is committed before ours: a process killed in between leaves
    // it alone there.
    let tables =
      try Int64.fetchOne(
        db, sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name NOT LIKE 'grdb~_%' ESCAPE '~'")
      ?? 0
    if application == 0, found == 0, tables == 0 { return }
    guard application == applicationID else {
      throw RegistryError(
        .notARegistry, "registry.sqlite is a SQLite file, but not a registry",
        remedy: "move that file away; the daemon makes a new registry")
    }
    guard found <= version else {
      throw RegistryError(
        .newerSchema,
        "registry.sqlite has schema \(found), this program knows schemas up to \(version)",
        remedy: "start the newer Larder that wrote it; nothing was changed")
    }
    guard found >= 1 else {
      throw RegistryError.damagedFile("it has tables, but schema \(found)")
    }
  }

  /// Brings an admitted file to `version`; each step is one transaction.
  static func migrate(_ queue: DatabaseQueue) throws {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1", migrate: createTables)
    migrator.registerMigration("2", migrate: createPins)
    migrator.registerMigration("3", migrate: createPurges)
    migrator.registerMigration("4", migrate: createKeyedEntries)
    migrator.registerMigration("5", migrate: createSchedules)
    try migrator.migrate(queue)
  }

  /// Reads the whole file and compares each table with its indexes.
  ///
  /// Rows carry checksums, but a row that a damaged index hides would be an "absent" that is wrong;
  /// this is what notices it. Costs about 1 ms for a developer's registry, and grows with the file.
  static func check(_ db: Database) throws {
    let finding = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? "no answer"
    guard finding == "ok" else { throw RegistryError.damagedFile(finding) }
  }

  private static func createTables(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE realms(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL UNIQUE,
          created_at INTEGER NOT NULL,
          checksum INTEGER NOT NULL) STRICT;
        CREATE TABLE remotes(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          realm INTEGER NOT NULL REFERENCES realms(id),
          name TEXT NOT NULL,
          urls TEXT NOT NULL,
          added_at INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          UNIQUE(realm, name)) STRICT;
        CREATE TABLE releases(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          remote INTEGER NOT NULL REFERENCES remotes(id) ON DELETE CASCADE,
          release TEXT NOT NULL,
          completeness TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          ordinal INTEGER NOT NULL,
          contents INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          UNIQUE(remote, release)) STRICT;
        CREATE TABLE variants(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          release INTEGER NOT NULL REFERENCES releases(id) ON DELETE CASCADE,
          position INTEGER NOT NULL,
          target TEXT NOT NULL,
          rule_set TEXT NOT NULL,
          webpack TEXT NOT NULL,
          entry TEXT NOT NULL,
          facts TEXT NOT NULL,
          stats BLOB,
          checksum INTEGER NOT NULL,
          UNIQUE(release, position)) STRICT;
        CREATE TABLE assets(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          variant INTEGER NOT NULL REFERENCES variants(id) ON DELETE CASCADE,
          path TEXT NOT NULL,
          digest BLOB NOT NULL,
          size INTEGER NOT NULL,
          type TEXT NOT NULL,
          checksum INTEGER NOT NULL,
          UNIQUE(variant, path)) STRICT;
        CREATE TABLE channels(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          remote INTEGER NOT NULL REFERENCES remotes(id) ON DELETE CASCADE,
          name TEXT NOT NULL,
          release INTEGER NOT NULL REFERENCES releases(id) ON DELETE CASCADE,
          moved_at INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          UNIQUE(remote, name)) STRICT;
        CREATE INDEX channels_of_release ON channels(release);
        CREATE TABLE channel_moves(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          channel INTEGER NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
          left_release INTEGER NOT NULL REFERENCES releases(id) ON DELETE CASCADE,
          moved_at INTEGER NOT NULL,
          checksum INTEGER NOT NULL) STRICT;
        CREATE INDEX channel_moves_of_channel ON channel_moves(channel);
        CREATE INDEX channel_moves_of_release ON channel_moves(left_release);
        CREATE TABLE fetches(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          realm INTEGER NOT NULL REFERENCES realms(id),
          credential TEXT NOT NULL,
          url TEXT NOT NULL,
          variant TEXT NOT NULL,
          digest BLOB NOT NULL,
          size INTEGER NOT NULL,
          type TEXT NOT NULL,
          etag TEXT,
          last_modified TEXT,
          integrity TEXT NOT NULL,
          fetched_at INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          UNIQUE(realm, credential, url, variant)) STRICT;
        CREATE INDEX fetches_by_age ON fetches(realm, fetched_at, id);
        """)
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: "PRAGMA user_version = 1")
  }

  private static func createPins(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE pins(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          release INTEGER NOT NULL UNIQUE REFERENCES releases(id) ON DELETE CASCADE,
          pinned_at INTEGER NOT NULL,
          checksum INTEGER NOT NULL) STRICT;
        PRAGMA user_version = 2;
        """)
  }

  private static func createPurges(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE purges(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          realm INTEGER NOT NULL REFERENCES realms(id),
          digest BLOB NOT NULL,
          purged_at INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          UNIQUE(realm, digest)) STRICT;
        PRAGMA user_version = 3;
        """)
  }

  private static func createKeyedEntries(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE keyed_entries(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          realm INTEGER NOT NULL REFERENCES realms(id),
          namespace TEXT NOT NULL,
          key TEXT NOT NULL,
          digest BLOB NOT NULL,
          size INTEGER NOT NULL,
          needs BLOB NOT NULL,
          written_at INTEGER NOT NULL,
          written_by INTEGER,
          used_at INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          UNIQUE(realm, namespace, key)) STRICT;
        CREATE INDEX keyed_entries_by_use ON keyed_entries(realm, used_at, id);
        PRAGMA user_version = 4;
        """)
  }

  private static func createSchedules(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE schedules(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          remote INTEGER NOT NULL UNIQUE REFERENCES remotes(id) ON DELETE CASCADE,
          every_seconds INTEGER NOT NULL,
          checksum INTEGER NOT NULL) STRICT;
        PRAGMA user_version = 5;
        """)
  }
}
