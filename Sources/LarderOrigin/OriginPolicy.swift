/// Which origins may be fetched from.
///
/// A URL is judged before it is asked for, and the address that its host resolved to once the
/// connection stands and before a request is written: what was resolved for the check is what is
/// connected to. A refused name may so see a connection that is closed at once, but no byte of
/// HTTP.
///
/// Link-local addresses, where clouds keep a machine's credentials, and addresses of no single host
/// are never fetched.
package struct OriginPolicy: Sendable {
  /// Whether this machine's own servers may be asked: yes for a developer, no for an edge node.
  package var allowsLoopback: Bool
  /// Whether addresses of the local net may be asked.
  package var allowsPrivate: Bool
  /// Origins that may be asked although the two above say no.
  package var listed: Set<Origin>
  /// Whether origins that are not listed are refused altogether.
  package var refusesUnlisted: Bool

  package init(
    allowsLoopback: Bool = true, allowsPrivate: Bool = true, listed: Set<Origin> = [],
    refusesUnlisted: Bool = false
  ) {
    self.allowsLoopback = allowsLoopback
    self.allowsPrivate = allowsPrivate
    self.listed = listed
    self.refusesUnlisted = refusesUnlisted
  }

  /// Names that are known to stand for a service of the machine, whatever they resolve to.
  private static let metadataHosts: Set<String> = [
    "metadata", "metadata.google.internal", "metadata.goog", "instance-data",
    "instance-data.ec2.internal",
  ]

  /// Why an origin may not be asked, from its name alone; nil if it may.
  package func objection(to origin: Origin) -> String? {
    if refusesUnlisted, !listed.contains(origin) { return "\(origin) is not a listed origin" }
    if Self.metadataHosts.contains(origin.host) { return "\(origin.host) is a metadata service" }
    let isListed = listed.contains(origin)
    if let address = HostAddress(origin.host) {
      return objection(to: address, isListed: isListed).map { "\(origin.host) is \($0)" }
    }
    if origin.host == "localhost" || origin.host.hasSuffix(".localhost"),
      let address = HostAddress(ipv4: "127.0.0.1")
    {
      return objection(to: address, isListed: isListed).map { "\(origin.host) is \($0)" }
    }
    return nil
  }

  /// What an address is that an origin may not have; nil if it may.
  ///
  /// - Parameter isListed: whether the origin is one of `listed`.
  package func objection(to address: HostAddress, isListed: Bool) -> String? {
    switch address.scope {
    case .publicNet: nil
    case .loopback: allowsLoopback || isListed ? nil : "this machine, which is not allowed"
    case .privateNet:
      allowsPrivate || isListed ? nil : "an address of the local net, which is not allowed"
    case .linkLocal: "a link-local address"
    case .other: "an address of no single host"
    }
  }
}
