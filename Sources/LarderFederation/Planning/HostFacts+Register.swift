extension HostFacts {
  /// Adds package versions to the host's scopes, each contesting the one that is there (rule
  /// R-TIE).
  package mutating func register(_ shares: [HostShare]) {
    for share in shares {
      let place = shared.firstIndex {
        $0.scope == share.scope && $0.key == share.key && $0.version == share.version
      }
      guard let place else {
        shared.append(share)
        continue
      }
      let contest = entry(shared[place]).contest(entry(share), under: ruleSet)
      if contest.isTaken { shared[place] = share }
    }
  }

  private func entry(_ share: HostShare) -> ShareEntry {
    ShareEntry(
      version: share.version, from: share.from ?? uniqueName, eager: share.eager,
      isLoaded: share.loaded)
  }
}
