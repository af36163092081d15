import LarderCore
package import LarderFederation
package import LarderMessages
import LarderRegistry
import Logging

extension Service {
  /// REPORT: keeps each difference between plan and execution, and writes it to the log.
  ///
  /// Of a report with more than `ReportedDifferences.reportMax` differences the first are taken.
  package func report(
    _ request: ReportMessage.Request, from session: HostSession, for peer: RealmCapability
  ) async {
    let max = ReportedDifferences.reportMax
    let loaded = (request.requests ?? []).prefix(max)
    let now = registry.now()
    for difference in request.differences.prefix(max) {
      log.notice(
        "execution differed from the plan",
        metadata: [
          "realm": "\(peer.name)", "host": "\(session.host.name)", "kind": "\(difference.kind)",
          "container": "\(difference.container ?? "")", "planned": "\(difference.planned ?? "")",
          "seen": "\(difference.seen ?? "")",
        ])
      let container = difference.container ?? session.host.name
      // Of modules that were loaded together those of the container itself say most; what a nested
      // container did may be due to any of them.
      let own = loaded.filter { $0.remote == container }
      let requests: [PlanRequest?] = loaded.isEmpty ? [nil] : own.isEmpty ? Array(loaded) : own
      for request in requests {
        // The host itself has no release: what it did is about the module that it loaded.
        var release = await session.releaseID(of: container)
        if release == nil, let request { release = await session.releaseID(of: request.remote) }
        reported.add(
          ReportedDifference(
            request: request.map { PlanRequest(remote: $0.remote.cut, expose: $0.expose.cut) },
            container: container.cut, release: release?.description, kind: difference.kind.cut,
            planned: difference.planned?.cut, seen: difference.seen?.cut,
            host: session.host.name.cut, firstAt: now, lastAt: now), in: peer.realm)
      }
      if let remote = RemoteName(container) {
        let difference = [difference.kind, difference.seen].compactMap(\.self)
        events.note(.departed, remote, difference.joined(separator: ": "), in: peer.realm)
      }
    }
  }

  /// All that hosts reported, the last seen first.
  package func differences(for peer: RealmCapability) -> [ReportedDifference] {
    reported.all(in: peer.readable) { _ in true }
  }

  /// What hosts reported of the modules and releases that a plan has.
  func differences(
    of plan: Plan, for peer: RealmCapability
  ) -> [ReportedDifference] {
    let releases = Dictionary(
      plan.containers.map { ($0.name, $0.release) }, uniquingKeysWith: { first, _ in first })
    return reported.all(in: peer.readable) { difference in
      if let request = difference.request, !plan.requests.contains(request) { return false }
      // What another release did says nothing of this one.
      let names = [difference.container, difference.request?.remote].compactMap(\.self)
      guard let name = names.first(where: { releases[$0] != nil }) else { return false }
      return difference.release == nil || difference.release == releases[name]
    }
  }
}

extension HostSession {
  /// The release that the session uses of a remote, once it has an id.
  fileprivate func releaseID(of remote: String) async -> ReleaseID? {
    switch release(of: remote) {
    case .recorded(let release): release.id
    case .candidate(let candidate): await candidate.release
    case nil: nil
    }
  }
}

extension String {
  /// Its first characters, within `ReportedDifferences.textMax` bytes.
  fileprivate var cut: String {
    guard utf8.count > ReportedDifferences.textMax else { return self }
    var text = ""
    var bytes = 0
    for scalar in unicodeScalars {
      bytes += String(scalar).utf8.count
      if bytes > ReportedDifferences.textMax { break }
      text.unicodeScalars.append(scalar)
    }
    return text
  }
}
