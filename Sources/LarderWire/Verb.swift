/// What a frame asks for; the raw value is the `kind` byte.
package enum Verb: UInt8, Sendable, CaseIterable {
  /// Handshake: version, realm, limits. The first frame of a connection, once.
  case hello = 1
  /// Liveness; answered without a look at the store.
  case ping = 2
  /// Counters.
  case stats = 3
  /// Which of these digests are present.
  case has = 4
  /// Blobs or ranges of them, as bytes or as places in slabs.
  case get = 5
  /// A blob, streamed; the only request of more than one frame.
  case put = 6
  /// Makes a URL's content present.
  case ensure = 7
  /// Makes a release from blobs that were put.
  case publish = 8
  /// Adds, updates, lists, shows or removes a remote.
  case remote = 9
  /// Opens a host session.
  case `init` = 10
  /// Registers shared packages into a session.
  case override = 11
  /// Plans exposed modules.
  case plan = 12
  /// Tells where execution differed from a plan.
  case report = 13
  /// A plan and its bytes, or single files.
  case open = 14
  /// Keeps blobs for a time, or for as long as the connection lasts.
  case lease = 15
  /// Ends a lease.
  case release = 16
  /// Keeps a release for good, and lists those that are kept so.
  case pin = 17
  /// Lets go of a pinned release.
  case unpin = 18
  /// Waits until a channel points elsewhere than the client knows.
  case watch = 19
  /// Content by a key that its writer chose.
  case keyed = 20
  /// Checks, collects, purges and explains; on the admin socket only.
  case admin = 21
  /// Gives slabs back.
  case drop = 22

  /// As documents and messages write it: `HELLO`.
  package var name: String { String(describing: self).uppercased() }

  /// Whether a request may go on in further frames.
  package var takesContinuations: Bool { self == .put }
}
