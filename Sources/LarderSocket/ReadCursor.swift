import LarderCore
import LarderService
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
  /// The blob that was fetched again, because it could not be read: once for each.
  var restored: Int?

  /// A GET.
  init(id: UInt64, items: [GetItem]) {
    verb = .get
    self.id = id
    work = .items(items)
    place = 0
  }

  /// The blob that an OPEN could not read for a reason that fetching it again may remove; nil if
  /// that was tried.
  func restorable(after error: ServiceError) -> Digest? {
    guard case .run(_, let blobs) = work, blobs.indices.contains(place), restored != place,
      error.mayBeRefetched
    else { return nil }
    return blobs[place].digest
  }

  /// An OPEN whose head is known.
  init(id: UInt64, head: [UInt8], blobs: [BlobStat]) {
    verb = .open
    self.id = id
    work = .run(head: head, blobs: blobs)
    place = -1
  }
}
