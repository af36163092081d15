package import LarderCore

/// ADMIN: what only the admin socket answers.
package enum AdminMessage {
  /// What ADMIN does.
  package enum Operation: String, Codable, Sendable, CaseIterable {
    case check, scrub, collect, evict, purge, list, why
  }

  /// What to do; members that an operation does not name are ignored.
  package struct Request: Codable, Sendable {
    package var op: Operation
    /// The name of a realm. Without one the socket's for EVICT, LIST and WHY, all for PURGE.
    package var realm: String?
    /// Of `evict`, `purge` and `why`.
    package var digest: Digest?
    /// Of `check`: whether payloads are read, decoded and hashed.
    package var readData: Bool?
    /// Of `check`: `[n, t]` reads the n-th of t shares of the payloads.
    package var subset: [UInt64]?
    /// Of `collect`: bytes to free even where nothing is due.
    package var freeBytes: Int64?
    /// Of `list`: the last digest of the page before.
    package var after: Digest?

    package init(op: Operation, realm: String? = nil, digest: Digest? = nil) {
      self.op = op
      self.realm = realm
      self.digest = digest
    }
  }

  /// How far `check` or `scrub` is: a line of JSON in a frame with DATA and MORE.
  package struct Progress: Codable, Sendable, Hashable {
    package var segments: Int
    package var segmentsTotal: Int
    package var records: Int
    package var readBytes: Int64
    package var findings: Int

    package init(
      segments: Int, segmentsTotal: Int, records: Int, readBytes: Int64, findings: Int
    ) {
      self.segments = segments
      self.segmentsTotal = segmentsTotal
      self.records = records
      self.readBytes = readBytes
      self.findings = findings
    }
  }

  /// One thing that is wrong; docs/manual.md explains each kind.
  package struct Finding: Codable, Sendable, Hashable {
    package var kind: String
    package var segment: UInt64?
    package var offset: Int64?
    package var realm: String?
    package var digest: Digest?
    package var repaired: Bool
    package var detail: String

    package init(
      kind: String, segment: UInt64?, offset: Int64?, realm: String?, digest: Digest?,
      repaired: Bool, detail: String
    ) {
      self.kind = kind
      self.segment = segment
      self.offset = offset
      self.realm = realm
      self.digest = digest
      self.repaired = repaired
      self.detail = detail
    }
  }

  /// The end of `check` and `scrub`.
  package struct Checked: Codable, Sendable, Hashable {
    package var progress: Progress
    /// At most 1,000; `progress.findings` counts all.
    package var findings: [Finding]
    package var repaired: Int
    /// False where it was stopped before its end.
    package var whole: Bool

    package init(progress: Progress, findings: [Finding], repaired: Int, whole: Bool) {
      self.progress = progress
      self.findings = findings
      self.repaired = repaired
      self.whole = whole
    }
  }

  /// The end of `collect`.
  package struct Collected: Codable, Sendable, Hashable {
    package var segments: Int
    package var evictedRecords: Int
    package var movedBytes: Int64
    package var freedBytes: Int64
    /// The use is where it should be; else what is left is held.
    package var enough: Bool

    package init(
      segments: Int, evictedRecords: Int, movedBytes: Int64, freedBytes: Int64, enough: Bool
    ) {
      self.segments = segments
      self.evictedRecords = evictedRecords
      self.movedBytes = movedBytes
      self.freedBytes = freedBytes
      self.enough = enough
    }
  }

  /// The end of `evict` and `purge`: records that went, and their bytes.
  package struct Removed: Codable, Sendable, Hashable {
    package var records: Int
    package var bytes: Int64

    package init(records: Int, bytes: Int64) {
      self.records = records
      self.bytes = bytes
    }
  }

  /// A stored blob.
  package struct Blob: Codable, Sendable, Hashable {
    package var digest: Digest
    package var size: Int64
    package var storedBytes: Int64
    package var chunks: Int
    /// Read or asked for since the last collection that took stock.
    package var used: Bool
    /// A release keeps it.
    package var kept: Bool
    package var leases: Int
    package var segment: UInt64
    package var offset: Int64

    package init(
      digest: Digest, size: Int64, storedBytes: Int64, chunks: Int, used: Bool, kept: Bool,
      leases: Int, segment: UInt64, offset: Int64
    ) {
      self.digest = digest
      self.size = size
      self.storedBytes = storedBytes
      self.chunks = chunks
      self.used = used
      self.kept = kept
      self.leases = leases
      self.segment = segment
      self.offset = offset
    }
  }

  /// A page of `list`; one of fewer than 1,000 blobs is not always the last, an empty one is.
  package struct Listed: Codable, Sendable, Hashable {
    package var realm: String
    package var blobs: [Blob]

    package init(realm: String, blobs: [Blob]) {
      self.realm = realm
      self.blobs = blobs
    }
  }

  /// A release that names the blob.
  package struct Use: Codable, Sendable, Hashable {
    package var remote: String
    package var release: String
    package var path: String

    package init(remote: String, release: String, path: String) {
      self.remote = remote
      self.release = release
      self.path = path
    }
  }

  /// A record that failed its check since the daemon's start.
  package struct Quarantined: Codable, Sendable, Hashable {
    /// Seconds since 1970.
    package var at: Int64
    package var segment: UInt64
    package var offset: Int64
    package var reason: String

    package init(at: Int64, segment: UInt64, offset: Int64, reason: String) {
      self.at = at
      self.segment = segment
      self.offset = offset
      self.reason = reason
    }
  }

  /// The answer of `why`.
  package struct Reasons: Codable, Sendable, Hashable {
    package var realm: String
    /// Nil where the store does not have it.
    package var blob: Blob?
    package var releases: [Use]
    /// URLs that gave it last time.
    package var fetches: [String]
    /// Seconds since 1970; nil unless it was purged and a release names it.
    package var purgedAt: Int64?
    /// Oldest first.
    package var quarantined: [Quarantined]

    package init(
      realm: String, blob: Blob?, releases: [Use], fetches: [String], purgedAt: Int64?,
      quarantined: [Quarantined]
    ) {
      self.realm = realm
      self.blob = blob
      self.releases = releases
      self.fetches = fetches
      self.purgedAt = purgedAt
      self.quarantined = quarantined
    }
  }
}
