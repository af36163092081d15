package import LarderService

/// Where the public is answered, and with what.
package struct EdgeSettings: Sendable {
  /// What stands under some names.
  package struct Site: Sendable {
    /// As `Host` has them, in lower case and without a port.
    package var hosts: Set<String>
    package var mount: Mount
    /// Of the realm that it shows; rights beyond reading are not used.
    package var peer: RealmCapability
    /// Web origins whose pages may load from it; nil for everybody's.
    package var pages: Set<String>?
    package var scope: SiteScope

    package init(
      hosts: Set<String>, mount: Mount, peer: RealmCapability, pages: Set<String>? = nil,
      scope: SiteScope
    ) {
      self.hosts = hosts
      self.mount = mount
      self.peer = peer
      self.pages = pages
      self.scope = scope
    }
  }

  package var addresses: [GatewayAddress]
  package var sites: [Site]
  /// With which ports speak TLS; sockets never do.
  package var certificate: GatewayCertificate?
  package var limits: GatewayLimits

  package init(
    addresses: [GatewayAddress], sites: [Site], certificate: GatewayCertificate? = nil,
    limits: GatewayLimits = GatewayLimits()
  ) {
    self.addresses = addresses
    self.sites = sites
    self.certificate = certificate
    self.limits = limits
  }
}
