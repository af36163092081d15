/// Where operators look at the daemon.
package struct OperationsSettings: Sendable {
  package var address: GatewayAddress
  package var limits: GatewayLimits

  /// With limits for a few programs that ask every some seconds, not for pages: 64 connections.
  package init(at address: GatewayAddress) {
    self.address = address
    limits = GatewayLimits()
    limits.connectionsMax = 64
    limits.backlog = 64
  }
}
