package import LarderMessages

extension Service {
  /// What happened to the peer's remotes after an event, oldest first; 0 for all that is kept, which
  /// is the last 256.
  package func events(after ordinal: UInt64, for peer: RealmCapability) -> [EventMessage] {
    events.all(in: peer.readable, after: ordinal)
  }

  /// Has somebody told when something happens to the peer's remotes.
  ///
  /// - Throws: `busy` past 64 who listen.
  package func listen(for peer: RealmCapability) throws(ServiceError) -> EventListening {
    try events.listen(to: peer.readable)
  }
}
