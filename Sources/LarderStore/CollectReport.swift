/// What a collection did.
package struct CollectReport: Hashable, Sendable {
  /// Segments that were emptied and removed.
  package internal(set) var segments = 0
  /// Records that went with them, chunks and lists.
  package internal(set) var evictedRecords = 0
  /// Bytes of records that were copied to a newer segment, because they were used or held.
  package internal(set) var movedBytes: Int64 = 0
  /// Bytes that the disk got back: removed segments less those that took the moved records.
  package internal(set) var freedBytes: Int64 = 0
  /// The use is where it should be; else what is left is held.
  package internal(set) var isEnough = true
}
