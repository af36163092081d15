import GRDB
package import LarderCore

extension Registry {
  /// Says how often a remote's origin is asked for a new deploy.
  ///
  /// - Parameter seconds: 0 for never, whatever the realm's policy says.
  /// - Throws: `notFound` for an unknown remote.
  package func setUpdateInterval(
    _ seconds: Int64, of name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) {
    try await write("scheduling the updates of '\(name)'") { db in
      let remote = try RemoteRow.require(db, name, in: realm)
      let row = ScheduleRow(remote: remote.id, everySeconds: seconds)
      // A row that is written over need not be whole.
      try db.execute(sql: "DELETE FROM schedules WHERE remote = ?", arguments: [remote.id])
      try row.insert(db)
    }
  }

  /// The seconds between two updates of each remote for which somebody said so; 0 for never.
  package func updateIntervals(
    in realm: RealmID
  ) async throws(RegistryError) -> [RemoteName: Int64] {
    try await read("listing the schedules of \(realm)") { db in
      var answer: [RemoteName: Int64] = [:]
      for remote in try RemoteRow.all(db, where: "realm = ?", [realm.databaseID]) {
        let row = try ScheduleRow.first(db, where: "remote = ?", [remote.id])
        answer[remote.value.name] = row?.value.everySeconds
      }
      return answer
    }
  }
}

/// How often a remote is updated.
struct ScheduleRow: StoredRow {
  static let table = "schedules"
  static let columns = ["remote", "every_seconds"]
  let remote: Int64
  let everySeconds: Int64

  var fields: [Field] { [.integer(remote), .integer(everySeconds)] }
}

extension ScheduleRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    remote = try reader.integer()
    everySeconds = try reader.integer()
  }
}
