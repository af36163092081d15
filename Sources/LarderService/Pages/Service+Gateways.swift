import LarderCore

extension Service {
  /// Has `statistics` tell those who have the realm where pages reach it, as a URL that ends in `/`.
  package func announceGateway(at url: String, of peer: RealmCapability) {
    gateways.withLock { $0[peer.realm, default: []].append(url) }
  }

  /// Has `statistics` tell those who may do all that the console may where it is, as a URL that ends
  /// in `/`.
  package func announceConsole(at url: String, of peer: RealmCapability) {
    consoles.withLock { $0[peer.realm, default: []].append(url) }
  }
}
