import LarderFederation
package import LarderMessages
import Logging

extension Service {
  /// REPORT: writes each difference between plan and execution to the log.
  package func report(
    _ differences: [ReportMessage.Difference], from session: HostSession, for peer: RealmCapability
  ) {
    for difference in differences {
      log.notice(
        "execution differed from the plan",
        metadata: [
          "realm": "\(peer.name)", "host": "\(session.host.name)", "kind": "\(difference.kind)",
          "container": "\(difference.container ?? "")", "planned": "\(difference.planned ?? "")",
          "seen": "\(difference.seen ?? "")",
        ])
    }
  }
}
