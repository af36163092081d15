import LarderCore
import LarderWire

/// A GET or an OPEN on its way: what was asked for, and how much of it was sent.
struct ReadCursor: Sendable {
  enum Work: Sendable {
    /// Items, each with frames of its own.
    case items([GetItem])
    /// Bytes from memory, then blobs, all in one run.
    case run(head: [UInt8], blobs: [BlobStat])
  }

  let verb: Verb
  let id: UInt64
  let work: Work
  /// The item or blob that comes next; -1 while a run's head is sent.
  var place: Int
  /// Bytes of it that were sent.
  var sent: Int64 = 0

  /// A GET.
  init(id: UInt64, items: [GetItem]) {
    verb = .get
    self.id = id
    work = .items(items)
    place = 0
  }

  /// An OPEN whose head is known.
  init(id: UInt64, head: [UInt8], blobs: [BlobStat]) {
    verb = .open
    self.id = id
    work = .run(head: head, blobs: blobs)
    place = -1
  }
}
