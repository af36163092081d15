extension Segment {
  /// Visits every record before `end` that was not erased, in order: by the footer where one stands
  /// there, else by a walk over the headers that steps over damage. Reads no payload.
  ///
  /// - Throws: `io` where the file cannot be read, `unsupportedFormat`.
  func visitRecords(
    before end: Int64, _ visit: (Int64, RecordHeader) -> Void
  ) throws(StoreError) {
    if let footer = SegmentFooter.read(from: self), footer.offset == end {
      for entry in footer.entries { visit(entry.offset, entry.header) }
    } else {
      var scan = SegmentScan(self, size: end, checksPayloads: false)
      _ = try scan.run(from: Int64(SegmentHeader.byteCount), rule: .skipDamage, visit)
    }
  }
}
