import LarderCore
import LarderPlatform
import SystemPackage

/// An open segment file: what never changes about it. How far it is written stands in
/// `SegmentState`.
///
/// Owns the descriptor; readers hold a reference, so the file outlives its removal from the store.
final class Segment: Sendable {
  let header: SegmentHeader
  let file: File

  var id: UInt64 { header.id }
  var realm: RealmID { header.realm }
  var salt: SipHash.Key { header.salt }
  /// For messages.
  var name: String { "segment \(file.path.string)" }

  init(header: SegmentHeader, file: consuming File) {
    self.header = header
    self.file = file
  }

  /// `<id>.seg`, the id as sixteen hexadecimal digits, so that names sort as ids do.
  static func fileName(_ id: UInt64) -> String {
    let digits = String(id, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + ".seg"
  }

  /// The id that a file name tells; nil for any other name, and for ids past 2^63, which none of
  /// ours has.
  static func id(fileName: String) -> UInt64? {
    guard fileName.hasSuffix(".seg"), let id = UInt64(fileName.dropLast(4), radix: 16),
      Segment.fileName(id) == fileName, id < UInt64(Int64.max)
    else { return nil }
    return id
  }

  /// Creates the file, reserves its space and writes its header; nothing stays behind on an error.
  static func create(
    _ header: SegmentHeader, in directory: FilePath, system: FileSystem
  ) throws(StoreError) -> Segment {
    let path = directory.appending(fileName(header.id))
    let file = try attempting("create a segment") { () throws(SystemCallError) -> File in
      try system.open(path, for: .create)
    }
    do {
      try file.allocate(header.capacity)
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: SegmentHeader.byteCount, alignment: 8)
      defer { buffer.deallocate() }
      header.encode(into: buffer)
      try file.write(UnsafeRawBufferPointer(buffer), at: 0)
    } catch {
      // The first error is the one to tell; a file that stays is empty, and removed at the next
      // start.
      try? system.unlink(path)
      throw StoreError("reserve \(header.capacity) bytes for a segment", cause: error)
    }
    return Segment(header: header, file: file)
  }
}

/// How far a segment is written, and whether it takes more.
struct SegmentState: Sendable {
  enum Phase: Int, Sendable {
    /// Takes records.
    case open = 0
    /// Ends in a footer.
    case sealed = 1
    /// A sync failed: what lies past `synced` may be lost on disk and is never called durable.
    case failed = 2
    /// Takes no more records, for want of room or because its end could not be mended; no footer.
    case closed = 3
  }

  let segment: Segment
  var phase: Phase
  /// Where the next record goes.
  var end: Int64
  /// Everything before is on the device, and its rows are in the index.
  var synced: Int64
  /// Records before `end`.
  var records: Int
  /// Bytes that the file takes on disk.
  var fileBytes: Int64
  /// The name of the file is not synced yet.
  var isNew: Bool
  /// It is full, and its footer not written.
  var awaitsFooter = false
  /// Something other than records was written: a footer or a new length.
  var isTouched = false
  /// It was given up, and the index does not say so yet.
  var isUnrecorded = false
  /// It failed, and all that waited in it was written to another segment, and synced there.
  var isRescued = false
  /// Records here that the table finds, and their bytes.
  var liveRecords = 0
  var liveBytes: Int64 = 0
  /// Of those bytes, what was read since it came here.
  var usedBytes: Int64 = 0
  /// Puts that rely on a record here and have not ended: it stays.
  var writers = 0
  /// A collection is about to empty it.
  var isClaimed = false

  /// Records here wait for a sync, and for their rows.
  var hasWaiting: Bool { phase != .failed && (isNew || synced < end) }
  /// A sync has something to do here.
  var isDirty: Bool { hasWaiting || phase != .failed && isTouched }
}
