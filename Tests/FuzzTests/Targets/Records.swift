import LarderCore

@testable import LarderStore

/// A record of any payload reads as it was written, there and at another place; and a header or a
/// list of chunks that passes for one is written as it was read.
func fuzzRecords(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  try holdRecord(of: bytes)
  try holdHeader(bytes)
  try holdList(bytes)
}

private func holdRecord(of payload: UnsafeRawBufferPointer) throws(FuzzFinding) {
  let record = EncodedRecord(
    payload, kind: .chunk, isPart: false, digest: RunningDigest.digest(payload),
    size: Int64(payload.count))
  let (header, segment) = (record.header, SegmentScratch.segment([]))
  let (first, second) = (SegmentHeader.byteCount, SegmentHeader.byteCount + record.byteCount)
  do {
    try record.write(to: segment, at: Int64(first))
    let place = MemoryTable.Place(slot: 0, offset: Int64(first), header: header)
    try RecordReader.copy(header.digest, at: place, of: segment).write(
      to: segment, at: Int64(second))
    for offset in [first, second] {
      var isSame = false
      try RecordReader.read(
        header.digest, at: .init(slot: 0, offset: Int64(offset), header: header), of: segment
      ) { _, bytes in isSame = bytes.elementsEqual(payload) }
      if !isSame { throw FuzzFinding(description: "other bytes at \(offset)") }
    }
  } catch {
    throw FuzzFinding(description: "does not hold: a record reads as it was written: \(error)")
  }
}

private func holdHeader(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  let file = SegmentMending.headers.segment(bytes)
  try file.lent { (file) throws(FuzzFinding) in
    let record = UnsafeRawBufferPointer(rebasing: file[SegmentHeader.byteCount...])
    let salt = SegmentMending.header.salt
    guard record.count >= RecordHeader.byteCount,
      case .header(let header) = RecordHeader.parse(record, offset: 64, salt: salt)
    else { return }
    var written = [UInt8](repeating: 0, count: RecordHeader.byteCount)
    written.withUnsafeMutableBytes { header.encode(into: $0, offset: 64, salt: salt) }
    try hold(record.starts(with: written), "a header is written as it was read")
  }
}

private func holdList(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  guard bytes.count >= ChunkList.beginByteCount else { return }
  var mended = Array(bytes)
  let blob = RunningDigest.digest(UnsafeRawBufferPointer(rebasing: bytes[..<0]))
  mended.withUnsafeMutableBytes { bytes in
    let check = ChunkList.check(of: blob, UnsafeRawBufferPointer(rebasing: bytes[32...]))
    check.withUnsafeBytes { bytes.store(bytes: $0, at: 0) }
  }
  try mended.lent { (bytes) throws(FuzzFinding) in
    let size = Int64(truncatingIfNeeded: bytes.littleEndian(at: 32, as: UInt64.self))
    guard let list = ChunkList(bytes, of: blob, size: size) else { return }
    var written = [UInt8](repeating: 0, count: list.byteCount)
    written.withUnsafeMutableBytes { list.encode(into: $0, of: blob) }
    try hold(bytes.count == list.byteCount, "a list has the length of its chunks")
    try hold(
      written.withUnsafeBytes { ChunkList($0, of: blob, size: size) } == list,
      "a list is read as it was written")
  }
}
