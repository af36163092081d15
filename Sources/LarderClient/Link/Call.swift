import LarderWire

/// A request that a task hands to its client's loop.
struct Call: Sendable {
  let verb: Verb
  /// Of the first frame, which is the only one but for a PUT.
  let body: [UInt8]
  /// How long nothing may come for it, from when it is handed over; nil for ever.
  let silenceMax: Duration?
  /// Whether it waits where there is no daemon, instead of failing.
  var waitsForDaemon = false
  /// Whether further frames follow (`Letter.piece`).
  var goesOn = false
  let reply: any Reply

  /// Whether content is to come as places in slabs.
  var wantsPlaces: Bool { verb == .get && body.first == ContentReply.places.rawValue }
}

/// What a task tells the loop.
enum Letter: Sendable {
  case call(Call)
  /// Nobody waits for this reply any more.
  case cancel(any Reply)
  /// The next content of a PUT; comes only when what came before was written.
  case piece(of: Upload, ArraySlice<UInt8>, isLast: Bool)
  /// The scope of a lease has ended.
  case release(ScopedLease)
}
