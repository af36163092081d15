package import LarderService

/// The console of a gateway: whom it speaks for, and the key that opens it.
///
/// Who has the gateway's own key may read; the console switches releases, so it has another, which
/// nobody is told who may not do that anyway.
package struct Console: Sendable {
  /// What its paths begin with.
  package let key: GatewayKey
  /// Whose rights it has: `Rights.console`.
  package let peer: RealmCapability

  /// Answers nothing before the gateway listens.
  package init(key: GatewayKey, for peer: RealmCapability) {
    self.key = key
    self.peer = peer
  }
}
