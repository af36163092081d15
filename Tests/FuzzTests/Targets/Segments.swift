@testable import LarderStore

/// Whatever a segment's file holds, a walk over it ends, tells only what lies within it, and what
/// can be read of that has its digest.
func fuzzSegments(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  var input = FuzzInput(bytes)
  let mending = SegmentMending(rawValue: input.byte())
  let file = mending.segment(input.rest)
  let (segment, size) = (SegmentScratch.segment(file), Int64(file.count))
  let whole = walk(segment, size, .skipDamage)
  let begin = walk(segment, size, .stopAtDamage)
  try hold(whole.starts(with: begin), "who stops at damage sees the beginning of all")
  for record in whole {
    try hold(record.end <= size, "a record lies within its file: \(record.header)")
  }
  var told = whole
  if let footer = SegmentFooter.read(from: segment) {
    told = footer.entries
    try hold(told.allSatisfy { $0.end <= footer.offset }, "a footer tells what is before it")
  }
  // Sixteen show what there is to see.
  for record in told.prefix(16) { try holdReading(record, segment) }
}

private func walk(_ segment: Segment, _ size: Int64, _ rule: SegmentScan.Rule) -> [SegmentFooter
  .Entry]
{
  var found: [SegmentFooter.Entry] = []
  var scan = SegmentScan(segment, size: size, checksPayloads: true)
  // A record of a newer version ends the walk, and an opening: what came before is as good.
  _ = try? scan.run(from: Int64(SegmentHeader.byteCount), rule: rule) { offset, header in
    found.append(SegmentFooter.Entry(offset: offset, header: header))
  }
  return found
}

private func holdReading(_ record: SegmentFooter.Entry, _ segment: Segment) throws(FuzzFinding) {
  let (header, place) = (
    record.header, MemoryTable.Place(slot: 0, offset: record.offset, header: record.header)
  )
  var isRight = true
  // Damage is told by an error; what is handed out is right.
  try? RecordReader.read(header.digest, at: place, of: segment) { header, bytes in
    isRight = bytes.count == header.rawLength
    if header.kind == .chunk { isRight = isRight && RunningDigest.digest(bytes) == header.digest }
  }
  try hold(isRight, "what is read has its length and digest: \(header)")
}
