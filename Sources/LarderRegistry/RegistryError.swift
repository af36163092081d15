import GRDB
import LarderCore

/// Why the registry did not do what it was asked.
package struct RegistryError: Error, Sendable {
  /// The kinds of failure, one per thing that a caller can do about it.
  package enum Code: String, Sendable, CaseIterable {
    /// No such realm, remote, release or channel.
    case notFound
    /// The name is taken.
    case alreadyExists
    /// A name, URL or release that the registry does not take; the message says which rule it
    /// breaks.
    case invalid
    /// A named limit was reached.
    case limit
    /// Another process holds the file.
    case locked
    /// The file is not a registry.
    case notARegistry
    /// The file was written by a newer Larder; nothing was changed in it.
    case newerSchema
    /// A row or the file is not what was written.
    case corrupt
    /// The content that a commit names could not be synced; nothing was committed.
    case notSynced
    /// The disk is full; nothing was committed.
    case noSpace
    /// The operating system refused a call; nothing was committed.
    case io
    /// The asking task was cancelled; nothing was committed.
    case cancelled
    /// A defect of Larder.
    case `internal`
  }

  package let code: Code
  /// What was attempted, and on which object.
  package let message: String
  /// What to do about it.
  package let remedy: String
  /// What the layer below said, where one did.
  package let cause: (any Error)?

  init(_ code: Code, _ message: String, remedy: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.cause = cause
  }
}

extension RegistryError: CustomStringConvertible {
  package var description: String { "\(message): \(remedy)" }
}

extension RegistryError {
  static func damagedRow(table: String, of id: DatabaseValue) -> RegistryError {
    RegistryError(
      .corrupt, "a row of \(table) (\(id)) in registry.sqlite is not what was written",
      remedy: "remove that remote and add it again, or restore registry.sqlite from a copy")
  }

  static func damagedFile(_ finding: String) -> RegistryError {
    RegistryError(
      .corrupt, "registry.sqlite is damaged: \(finding)",
      remedy: "restore it from a copy, or move it away and add the remotes again")
  }

  static func unknownRealm(_ realm: RealmID) -> RegistryError {
    RegistryError(
      .notFound, "\(realm) is not in the registry", remedy: "use a realm that the daemon serves")
  }

  static func unknownRemote(_ name: RemoteName) -> RegistryError {
    RegistryError(
      .notFound, "no remote named '\(name)' is registered",
      remedy: "`larder remote add \(name) URL` registers one, `larder remote list` shows the names")
  }

  static func unknownRelease(_ id: ReleaseID, of remote: RemoteName) -> RegistryError {
    RegistryError(
      .notFound, "remote '\(remote)' has no release \(id)",
      remedy: "`larder remote show \(remote)` lists the releases that are kept")
  }

  /// Maps whatever a database access threw.
  static func mapping(_ error: any Error, attempting attempt: String) -> RegistryError {
    switch error {
    case let error as RegistryError: error
    case is CancellationError:
      RegistryError(.cancelled, "\(attempt) was cancelled", remedy: "ask again", cause: error)
    case let error as DatabaseError: mapping(error, attempting: attempt)
    default:
      RegistryError(
        .internal, "\(attempt) failed: \(error)", remedy: "report this as a defect", cause: error)
    }
  }

  /// One code for each primary result code of SQLite that can reach us.
  private static func mapping(_ error: DatabaseError, attempting attempt: String) -> RegistryError {
    let said = "\(attempt) failed: SQLite says '\(error.message ?? error.resultCode.description)'"
    return switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      RegistryError(
        .locked, "\(attempt) failed: registry.sqlite is held by another process",
        remedy: "stop the other daemon, or give this one a store of its own", cause: error)
    case .SQLITE_FULL:
      RegistryError(.noSpace, said, remedy: "free space on the store's disk", cause: error)
    case .SQLITE_CORRUPT:
      RegistryError(
        .corrupt, said, remedy: "restore registry.sqlite from a copy, or move it away", cause: error
      )
    case .SQLITE_NOTADB:
      RegistryError(
        .notARegistry, said, remedy: "move that file away; the daemon makes a new registry",
        cause: error)
    case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      RegistryError(
        .io, said, remedy: "check the disk, and that the store's directory is writable",
        cause: error
      )
    case .SQLITE_INTERRUPT, .SQLITE_ABORT:
      RegistryError(.cancelled, said, remedy: "ask again", cause: error)
    default:
      // SQLITE_ERROR among them: a query that no longer fits the schema means that the schema was
      // altered.
      RegistryError(.internal, said, remedy: "report this as a defect", cause: error)
    }
  }
}
