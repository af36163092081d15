package import LarderCore
import LarderPlatform

extension Store {
  /// What a store may take, each number a limit with a default.
  package struct Options: Sendable {
    /// Bytes on disk, segments as reserved and the index included. 16 GiB hold some 500 releases of
    /// 30 MiB.
    package var quota: ByteCount
    /// Bytes of segments that each realm may have; nil for `quota`.
    package var realmQuota: ByteCount?
    /// Percent of a quota at which a collection is due, and to which it brings the use down.
    package var highWatermark = 90
    package var lowWatermark = 80
    /// Bytes that the file system keeps free of us: below it no segment is made. nil derives it: a
    /// 64th of the file system, at most 256 MiB, which leave other programs room to log why they
    /// fail.
    package var freeSpaceFloor: ByteCount?
    /// Whether nothing of a realm is evicted before `replaceKept` was called for it: for an owner
    /// whose registry names content.
    package var waitsForKept = false
    /// Bytes that the leases of one realm may hold. A realm that leases its whole quota stops its
    /// own collection, nobody else's.
    package var leasedBytesMax: ByteCount = .gibibytes(1)
    /// Bytes that a collection copies in a second: 64 MiB/s leave most of a disk to readers.
    package var copiedPerSecondMax: ByteCount = .mebibytes(64)
    /// Bytes of a new segment; nil derives it: `quota` / 32, at least 2 MiB so that the longest
    /// record (1 MiB and 72 bytes) always fits, at most 64 MiB so that a scan or a copy of one
    /// stays short.
    package var segmentSize: ByteCount?
    /// A blob up to this size is one chunk, a larger one a list of chunks. 1 B to 1 MiB.
    package var chunkedAbove: ByteCount
    /// The chunks of a larger one. `docs/performance.md` has the measurements behind the defaults.
    package var chunkSizes: ChunkSizes
    /// The largest blob. Up to `blobSizeLimit`, and at most what a list of 29,125 chunks of the
    /// maximum size holds: 7 GiB with the default, so the limit is never the list's.
    package var blobSizeMax: ByteCount
    /// Bytes that may wait for a sync before a writer makes one: what a start after a crash scans
    /// again (some 20 ms from memory), and what a power cut can take back of accepted blobs.
    package var unsyncedMax: ByteCount
    /// Records that may wait for a sync, so that small blobs do not fill memory: 16,384 rows of 100
    /// bytes.
    package var unsyncedRecordsMax: Int
    /// Bytes that wait when the store begins a sync by itself: a quarter of `unsyncedMax`, so that
    /// writers seldom meet that limit while a sync is under way.
    package var commitSize: ByteCount = .mebibytes(8)
    /// How long the first record waits at most before the store does so: as long as a power cut may
    /// take back, and ten syncs a second of a device that is otherwise idle. After an opening, the
    /// fill of the memory table comes first: a second for each million chunks. What failed of
    /// either is tried again after as long.
    package var commitDelay: Duration = .milliseconds(100)
    /// Ingests open at a time; each holds up to `ingestBufferSize` bytes, so 256 MiB in all by
    /// default.
    package var ingestsMax: Int
    /// Memory for blobs that are read again and again, decoded, with what is handed out to other
    /// processes; 0 for none, else at least four slabs. 256 MiB hold the closures of some ten
    /// hosts.
    package var hotMemory: ByteCount
    /// The part of it that one realm may take; nil for three quarters, so that the others always
    /// find some.
    package var hotMemoryPerRealm: ByteCount?
    /// Bytes of a slab, the unit in which that memory is taken and given up: four of the longest
    /// chunks, and 64 slabs by default, so that one is 1.6 % of what is kept.
    package var slabSize: ByteCount
    /// Bytes of slabs that the processes of one user may hold; nil for a quarter of `hotMemory`.
    package var handedOutMax: ByteCount?

    /// 1 GiB: sizes are 32-bit numbers in memory and in footers.
    package static let blobSizeLimit = ByteCount.gibibytes(1)
    /// 64 MiB: offsets within a segment are multiples of eight in 32 bits, which would allow 32
    /// GiB.
    package static let segmentSizeMax = ByteCount.mebibytes(64)
    /// Segments of one store, each an open descriptor: 4,096 of 64 MiB are 256 GiB.
    package static let segmentsMax = 4096
    /// The longest life of a lease by time: a day of work; what has to stay for longer is pinned.
    package static let leaseLifeMax = Duration.seconds(86_400)
    /// Leases of one realm: some for each of a machine's hosts.
    package static let leasesMax = 1024
    /// Blobs that one lease names: more than one plan does.
    package static let leasedBlobsMax = 16_384
    /// Damaged records whose rows wait for deletion; more are found damaged again after a restart.
    static let dropsMax = 65_536

    package init(
      quota: ByteCount = .gibibytes(16), segmentSize: ByteCount? = nil,
      chunkedAbove: ByteCount = .kibibytes(256),
      chunkSizes: ChunkSizes = ChunkSizes(average: 64 << 10),
      blobSizeMax: ByteCount = Options.blobSizeLimit,
      unsyncedMax: ByteCount = .mebibytes(32), unsyncedRecordsMax: Int = 16_384,
      ingestsMax: Int = 256,
      hotMemory: ByteCount = .mebibytes(256), hotMemoryPerRealm: ByteCount? = nil,
      slabSize: ByteCount = .mebibytes(4), handedOutMax: ByteCount? = nil
    ) {
      self.quota = quota
      self.segmentSize = segmentSize
      self.chunkedAbove = chunkedAbove
      self.chunkSizes = chunkSizes
      self.blobSizeMax = blobSizeMax
      self.unsyncedMax = unsyncedMax
      self.unsyncedRecordsMax = unsyncedRecordsMax
      self.ingestsMax = ingestsMax
      self.hotMemory = hotMemory
      self.hotMemoryPerRealm = hotMemoryPerRealm
      self.slabSize = slabSize
      self.handedOutMax = handedOutMax
    }

    /// Bytes of hot memory that one realm may take.
    var hotMemoryOfRealm: Int64 { hotMemoryPerRealm?.value ?? hotMemory.value / 4 * 3 }

    /// Bytes of slabs that one user may hold.
    var handedOutOfUser: Int64 { handedOutMax?.value ?? hotMemory.value / 4 }

    /// Bytes that a file system of that size keeps free of us.
    func floor(of space: FileSystem.Space) -> ByteCount {
      freeSpaceFloor ?? min(ByteCount(space.totalBytes / 64), .mebibytes(256))
    }

    /// Bytes of a new segment.
    var segmentCapacity: Int64 {
      if let segmentSize { return segmentSize.value }
      return min(
        max(quota.value / 32, ByteCount.mebibytes(2).value), Options.segmentSizeMax.value)
    }

    /// Bytes that an ingest holds at most: a blob of one chunk, or four of the longest chunks, so
    /// that what is left after cutting is seldom moved; 1 MiB by default.
    var ingestBufferSize: Int { max(Int(chunkedAbove.value), 4 * chunkSizes.maximum) }

    /// Traps on a combination that cannot work: settings are validated before they come here.
    func check() {
      precondition(
        (1...Int64(RecordHeader.payloadMax)).contains(chunkedAbove.value),
        "chunkedAbove is 1 B to 1 MiB")
      precondition(blobSizeMax <= Options.blobSizeLimit, "blobSizeMax is at most 1 GiB")
      precondition(chunkSizes.areSound, "chunk sizes are 2 B to 1 MiB, minimum to maximum")
      precondition(
        blobSizeMax.value <= Int64(chunkSizes.maximum * ChunkList.countMax),
        "the largest blob has more chunks than one list can name")
      let chunksMax = min(
        Int(blobSizeMax.value) / chunkSizes.minimum + 1, ChunkList.countMax)
      let listBytes = ChunkList.beginByteCount + chunksMax * ChunkList.entryByteCount
      let longest = max(Int(chunkedAbove.value), listBytes)
      let needed =
        SegmentHeader.byteCount + RecordHeader.recordLength(storedLength: longest)
        + SegmentFooter.byteCount(records: 1)
      precondition(
        segmentCapacity >= Int64(needed) && segmentCapacity <= Options.segmentSizeMax.value,
        "a segment holds the longest record and is at most 64 MiB")
      precondition(
        hotMemory.value == 0 || slabSize.value > 0 && hotMemory.value >= 4 * slabSize.value,
        "hot memory is none, or at least four slabs")
      precondition(unsyncedRecordsMax > 0 && ingestsMax > 0, "a limit of none stores nothing")
    }
  }
}
