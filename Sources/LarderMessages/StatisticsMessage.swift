/// STATS: what the realm holds, and counters since the daemon started.
package struct StatisticsMessage: Codable, Sendable {
  package var realm: String
  package var uptimeSeconds: Int64
  package var store: Store
  package var memory: Memory
  package var origin: Origin
  /// Figures of all realms together; absent for who may not see what others do.
  package var machine: Machine?
  /// Where pages reach the realm over HTTP, each URL ending in `/`; absent where they do not. Who
  /// knows one may read the realm.
  package var gateways: [String]?
  /// Where the console is, each URL ending in `/`; absent where there is none, and for who may not
  /// decide for the realm. Who knows one may switch the realm's releases.
  package var consoles: [String]?

  package init(
    realm: String, uptimeSeconds: Int64, store: Store, memory: Memory = Memory(), origin: Origin,
    machine: Machine? = nil, gateways: [String]? = nil,
    consoles: [String]? = nil
  ) {
    self.realm = realm
    self.uptimeSeconds = uptimeSeconds
    self.store = store
    self.memory = memory
    self.origin = origin
    self.machine = machine
    self.gateways = gateways
    self.consoles = consoles
  }

  /// What this realm holds on disk.
  package struct Store: Codable, Sendable, Equatable {
    package var blobs: Int64
    package var chunks: Int64
    /// Bytes of all blobs, each counted once.
    package var logicalBytes: Int64
    /// Bytes that their records take, headers and padding included.
    package var storedBytes: Int64
    /// Bytes that the realm's segments take.
    package var diskBytes: Int64
    /// Bytes that they may take.
    package var quotaBytes: Int64

    package init(
      blobs: Int64 = 0, chunks: Int64 = 0, logicalBytes: Int64 = 0, storedBytes: Int64 = 0,
      diskBytes: Int64 = 0, quotaBytes: Int64 = 0
    ) {
      self.blobs = blobs
      self.chunks = chunks
      self.logicalBytes = logicalBytes
      self.storedBytes = storedBytes
      self.diskBytes = diskBytes
      self.quotaBytes = quotaBytes
    }
  }

  /// What the daemon holds and did since it started, over all realms.
  package struct Machine: Codable, Sendable, Equatable {
    package var segments: Int64
    /// Bytes that all files of the store take, databases included.
    package var diskBytes: Int64
    /// Bytes that they may take.
    package var quotaBytes: Int64
    /// Bytes that arrived and were here already.
    package var deduplicatedBytes: Int64
    package var evictedSegments: Int64
    /// Bytes that were copied out of them, because they were used or held.
    package var movedBytes: Int64
    /// Records that failed their check.
    package var damagedRecords: Int64
    /// Segments that were given up because a sync failed: the disk is not to be trusted.
    package var failedSegments: Int64
    /// Seconds since 1970 when a scrub last came to its end; nil if none did.
    package var lastScrub: Int64?
    /// Requests answered, by verb.
    package var requests: [String: Int64]
    package var connections: Connections

    package init(
      segments: Int64 = 0, diskBytes: Int64 = 0, quotaBytes: Int64 = 0,
      deduplicatedBytes: Int64 = 0, evictedSegments: Int64 = 0, movedBytes: Int64 = 0,
      damagedRecords: Int64 = 0, failedSegments: Int64 = 0, lastScrub: Int64? = nil,
      requests: [String: Int64] = [:], connections: Connections = Connections()
    ) {
      self.segments = segments
      self.diskBytes = diskBytes
      self.quotaBytes = quotaBytes
      self.deduplicatedBytes = deduplicatedBytes
      self.evictedSegments = evictedSegments
      self.movedBytes = movedBytes
      self.damagedRecords = damagedRecords
      self.failedSegments = failedSegments
      self.lastScrub = lastScrub
      self.requests = requests
      self.connections = connections
    }
  }

  /// What this realm reads from memory instead of the disk, since the daemon started.
  package struct Memory: Codable, Sendable, Equatable {
    /// Stored chunks and lists that were read from memory.
    package var hits: Int64
    /// Those that were read from disk.
    package var misses: Int64
    /// Bytes that are in memory now.
    package var residentBytes: Int64
    /// Bytes of it that other processes hold, counted for each user.
    package var handedOutBytes: Int64

    package init(
      hits: Int64 = 0, misses: Int64 = 0, residentBytes: Int64 = 0, handedOutBytes: Int64 = 0
    ) {
      self.hits = hits
      self.misses = misses
      self.residentBytes = residentBytes
      self.handedOutBytes = handedOutBytes
    }
  }

  /// What this realm took from origins since the daemon started.
  package struct Origin: Codable, Sendable, Equatable {
    /// Requests whose answer carried a body.
    package var requests: Int64
    /// Conditional requests answered with 304.
    package var revalidations: Int64
    /// Bytes of builds' descriptions (`stats.json`).
    package var descriptionBytes: Int64
    /// Bytes that a plan asked for, required or reachable.
    package var plannedBytes: Int64
    /// Bytes of the rest of releases.
    package var backgroundBytes: Int64
    /// Bytes that ENSURE asked for.
    package var ensuredBytes: Int64
    /// Bytes that came again, because what was stored failed its check.
    package var refetchedBytes: Int64
    package var failures: Int64
    /// Requests that waited for another's fetch instead of making their own.
    package var coalesced: Int64

    package init(
      requests: Int64 = 0, revalidations: Int64 = 0, descriptionBytes: Int64 = 0,
      plannedBytes: Int64 = 0, backgroundBytes: Int64 = 0, ensuredBytes: Int64 = 0,
      refetchedBytes: Int64 = 0, failures: Int64 = 0, coalesced: Int64 = 0
    ) {
      self.requests = requests
      self.revalidations = revalidations
      self.descriptionBytes = descriptionBytes
      self.plannedBytes = plannedBytes
      self.backgroundBytes = backgroundBytes
      self.ensuredBytes = ensuredBytes
      self.refetchedBytes = refetchedBytes
      self.failures = failures
      self.coalesced = coalesced
    }
  }

  /// The socket face's own counts.
  package struct Connections: Codable, Sendable, Equatable {
    package var open: Int64
    package var accepted: Int64
    /// Closed for frames that could not be read.
    package var malformed: Int64
    /// The longest time that the thread which serves them was busy with some of them.
    package var longestTurnMicroseconds: Int64

    package init(
      open: Int64 = 0, accepted: Int64 = 0, malformed: Int64 = 0,
      longestTurnMicroseconds: Int64 = 0
    ) {
      self.longestTurnMicroseconds = longestTurnMicroseconds
      self.open = open
      self.accepted = accepted
      self.malformed = malformed
    }
  }
}
