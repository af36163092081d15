import LarderCore
import LarderService
import LarderWire

/// A GET or an OPEN on its way: what was asked for, and how much of it was sent.
struct ReadCursor: Sendable {
  enum Work: Sendable {
    /// Items, each by itself.
    case items([GetItem])
    /// Blobs, all in one run.
    case run([BlobStat])
  }

  let verb: Verb
  let id: UInt64
  /// Bytes from memory that come first; none in a GET.
  let head: [UInt8]
  let work: Work
  /// How items are sent.
  let reply: ContentReply
  /// Items are placed one by one: there was no room for several.
  var placesSingly = false
  /// The item or blob that comes next; -1 while the head is sent.
  var place: Int
  /// Bytes of it that were sent.
  var sent: Int64 = 0
  /// The blob that was fetched again, because it could not be read: once for each.
  var restored: Int?

  /// A GET.
  init(id: UInt64, body: GetBody) {
    verb = .get
    self.id = id
    head = []
    work = .items(body.items)
    reply = body.reply
    place = 0
  }

  /// An OPEN whose head is known.
  init(id: UInt64, head: [UInt8], blobs: [BlobStat], as reply: ContentReply) {
    verb = .open
    self.id = id
    self.head = head
    work = reply == .bytes ? .run(blobs) : .items(blobs.map { GetItem($0.digest) })
    self.reply = reply
    place = -1
  }

  var isRun: Bool { if case .run = work { true } else { false } }

  /// Whether an item that is not there, or damaged, ends the request: an OPEN promised it.
  var needsAll: Bool { verb == .open }

  /// The blob that an OPEN could not read for a reason that fetching it again may remove; nil if
  /// that was tried.
  func restorable(after error: ServiceError) -> Digest? {
    guard needsAll, place >= 0, restored != place, error.mayBeRefetched else { return nil }
    switch work {
    case .run(let blobs): return place < blobs.count ? blobs[place].digest : nil
    case .items(let items): return place < items.count ? items[place].digest : nil
    }
  }
}
