/// What opening a store found and mended; worth a line in the log where it is not all zeros.
package struct OpeningReport: Hashable, Sendable {
  /// The index was missing or damaged, and every segment was read again.
  package internal(set) var isIndexRebuilt = false
  /// Records that the index did not know and a segment's tail told.
  package internal(set) var replayedRecords = 0
  /// Segments whose tail ended in something that is no whole record.
  package internal(set) var truncatedSegments = 0
  /// Damaged stretches that a full scan skipped.
  package internal(set) var damagedRecords = 0
  /// Segments that the index knew and that are gone, shorter than indexed, or others than before.
  package internal(set) var lostSegments = 0
  /// Files among the segments whose header cannot be read; left alone, and counted against the
  /// quota.
  package internal(set) var unreadableSegments = 0
  /// Large blobs that are not shown, because a chunk of theirs is gone.
  package internal(set) var incompleteBlobs = 0
}
