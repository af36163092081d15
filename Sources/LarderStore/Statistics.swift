package import LarderCore
import LarderPlatform

extension Store {
  /// What is stored, in one realm or in all.
  package struct Content: Hashable, Sendable {
    /// Blobs that were put under their own name; pieces of larger ones are not counted.
    package internal(set) var blobs = 0
    /// The sizes of those blobs, each counted in full though they may share chunks.
    package internal(set) var logicalBytes: Int64 = 0
    /// Chunks, each once.
    package internal(set) var chunks = 0
    /// Bytes of those chunks, decoded.
    package internal(set) var chunkBytes: Int64 = 0
    /// Bytes of live records in segments: headers, lists and padding included.
    package internal(set) var storedBytes: Int64 = 0
  }

  /// What happened since the store was opened.
  package struct Counters: Hashable, Sendable {
    /// Puts that wrote nothing, because all of their bytes were there.
    package internal(set) var deduplicatedPuts = 0
    /// Bytes of chunks that were put again and not written again.
    package internal(set) var deduplicatedBytes: Int64 = 0
    /// Records that failed their verification and became a miss.
    package internal(set) var corruptRecords = 0
    /// Segments given up because a sync of theirs failed.
    package internal(set) var failedSegments = 0
    /// Segments that collections emptied.
    package internal(set) var collectedSegments = 0
    /// Segments that went without copying, because a write found no room.
    package internal(set) var emergencyEvictions = 0
    /// Bytes that collections copied, because they were used or held.
    package internal(set) var movedBytes: Int64 = 0
    /// Records that were evicted, chunks and lists.
    package internal(set) var evictedRecords = 0
    /// Calls of fdatasync(2), each for all that waited.
    package internal(set) var syncs = 0
  }

  /// What memory answered instead of the disk since the store was opened, and what that takes.
  package struct HotStatistics: Hashable, Sendable {
    /// Records that were read from memory.
    package internal(set) var hits = 0
    /// Records that were read from disk, where memory might have had them.
    package internal(set) var misses = 0
    /// Records that were copied to memory.
    package internal(set) var admitted = 0
    package internal(set) var evictedSlabs = 0
    /// Bytes of slabs that exist, those included that other processes keep alive.
    package internal(set) var residentBytes = 0
    /// Bytes of slabs that users hold, a slab counted for each of them.
    package internal(set) var handedOutBytes = 0
  }

  /// A moment's figures; cheap, from memory.
  package struct Statistics: Hashable, Sendable {
    /// All realms together.
    package let total: Content
    /// Each realm that ever stored something here.
    package let realms: [RealmID: Content]
    package let counters: Counters
    /// All realms together.
    package let hot: HotStatistics
    /// Segment files in use.
    package let segments: Int
    /// Bytes on disk that count against the quota, reserved ones and the index included.
    package let diskBytes: ByteCount
    /// What they may grow to.
    package let quota: ByteCount
    /// Records that a start after a crash would find by scanning.
    package let unsyncedRecords: Int
    /// Leases that somebody holds.
    package let leases: Int
  }

  /// The figures now; never blocks on a disk.
  package var statistics: Statistics {
    let hot = hotStatistics()
    return state.withLock { state in
      var total = Content()
      for content in state.content.values {
        total.blobs += content.blobs
        total.logicalBytes += content.logicalBytes
        total.chunks += content.chunks
        total.chunkBytes += content.chunkBytes
        total.storedBytes += content.storedBytes
      }
      return Statistics(
        total: total, realms: state.content, counters: state.counters, hot: hot,
        segments: state.segments.count, diskBytes: ByteCount(state.diskBytes), quota: options.quota,
        unsyncedRecords: state.unsyncedRecords, leases: state.leases.count)
    }
  }

  /// Bytes that are free on the file system of the store. Asks it, which may block.
  package func freeBytes() throws(StoreError) -> Int64 {
    do throws(SystemCallError) { return try system.space(at: directory).freeBytes } catch {
      throw StoreError("look at the file system", cause: error)
    }
  }

  /// What is wrong though content is read, in sentences. Asks the file system, which may block.
  package func flaws() throws(StoreError) -> [String] {
    let space: FileSystem.Space
    do throws(SystemCallError) { space = try system.space(at: directory) } catch {
      throw StoreError("look at the file system", cause: error)
    }
    var flaws: [String] = []
    if space.isReadOnly {
      flaws.append("nothing can be stored: the file system of \(directory) is read-only")
    }
    let failed = state.withLock { $0.counters.failedSegments }
    if failed > 0 {
      flaws.append("\(failed) segments were given up because a sync failed: mistrust the disk")
    }
    return flaws
  }

  /// Bytes that a realm's segments take on disk, and what they may grow to.
  package func space(of realm: RealmID) -> (used: ByteCount, quota: ByteCount) {
    state.withLock { state in
      (ByteCount(state.segmentBytes(of: realm)), ByteCount(state.quota(of: realm, options)))
    }
  }

  /// What memory did for one realm, or for all; zeros where the store has no hot memory.
  package func hotStatistics(of realm: RealmID? = nil) -> HotStatistics {
    hot?.statistics(of: realm) ?? HotStatistics()
  }
}
