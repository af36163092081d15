package import SystemPackage

/// How a gateway is reached, and whose pages it answers.
package struct GatewaySettings: Sendable {
  package var addresses: [GatewayAddress]
  package var mount: Mount
  /// With which ports speak TLS; sockets never do, since who is behind one sees to that.
  package var certificate: GatewayCertificate?
  /// Names besides this machine's own under which requests may ask for it, as `Host` has them, without
  /// a port.
  package var hosts: Set<String>
  /// Web origins besides those of this machine whose pages may load from it: `https://shop.example`.
  package var origins: Set<String>
  /// What this user's pages take from dev servers, as `larder override` writes it down; nil for
  /// nothing.
  package var overrides: FilePath?
  /// Whether files are encoded for those who accept it.
  package var compresses = false
  /// Nil for none; answered only where no address is reached from other machines.
  package var console: Console?
  package var limits: GatewayLimits

  package init(
    addresses: [GatewayAddress], mount: Mount, hosts: Set<String> = [],
    origins: Set<String> = [], limits: GatewayLimits = GatewayLimits()
  ) {
    self.addresses = addresses
    self.mount = mount
    self.hosts = hosts
    self.origins = origins
    self.limits = limits
  }
}

extension GatewaySettings {
  /// The console, where it is answered.
  var answeredConsole: Console? { addresses.allSatisfy(\.isLocal) ? console : nil }

  /// Whether it is a web origin as browsers send one: `https://shop.example`, `http://10.0.0.7:3000`.
  package static func isOrigin(_ text: String) -> Bool {
    CallerRules.origin(ofURL: text) == text
  }

  /// Whether it is a name or address as `Host` may have it, in lower case and without a port.
  package static func isHost(_ text: String) -> Bool {
    CallerRules.host(ofAuthority: text).map(String.init) == text
  }
}
