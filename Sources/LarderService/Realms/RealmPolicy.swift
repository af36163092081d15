package import LarderOrigin
package import LarderRegistry

/// What an administrator lays down about realms: from whom each reads, which origins it fetches
/// from and how, and what it keeps.
package struct RealmPolicy: Sendable {
  /// What is laid down about one of them.
  package struct Realm: Sendable {
    /// Realms that it reads from, nearest first, and through them from theirs.
    package var parents: [String]
    package var origins: OriginRules
    /// Whose packages may serve whom in its hosts.
    package var sharing = SharingRules.all
    /// With which it asks those that want one.
    package var credentials = OriginCredentials.none
    /// From one update of a remote to the next, unless somebody said otherwise of it; nil for on
    /// demand only.
    package var updateInterval: Duration?
    /// Nil for the registry's own.
    package var retention: Retention?
    /// What is fetched of a deploy besides what its hosts asked for.
    package var completion = ReleaseCompletion.fits

    package init(parents: [String] = [], origins: OriginRules = .any) {
      self.parents = parents
      self.origins = origins
    }
  }

  /// Realms that one reads from, its own included: each adds a look-up to what is not found.
  package static let lineageMax = 16

  /// What an update interval may be.
  package static let updateIntervals = UpdateSchedule.intervals

  private let realms: [String: Realm]
  /// What holds for a realm that is not named.
  private let others: Realm

  /// - Parameter others: what holds for all realms; they read from nobody.
  package init(others: Realm = Realm()) {
    realms = [:]
    self.others = others
  }

  /// - Parameter others: what holds for realms that are not among `realms`; they read from nobody.
  /// - Throws: `badRequest` for a name that is none, a parent that is not among `realms`, realms
  ///   that read from each other in a circle, and more than `lineageMax` above one.
  package init(
    _ realms: [String: Realm], others: Realm = Realm()
  ) throws(ServiceError) {
    self.realms = realms
    self.others = others
    for (name, realm) in realms.sorted(by: { $0.key < $1.key }) {
      _ = try RealmPolicy.check(name)
      if let unknown = realm.parents.first(where: { realms[$0] == nil }) {
        throw ServiceError(
          .badRequest, "realm '\(name)' reads from '\(unknown)', which is no realm of the policy",
          remedy: "name it under 'realms'", subject: name)
      }
      // Its own name comes up again only below one of its parents.
      let above = lineage(above: realm.parents)
      guard !above.contains(name) else {
        throw ServiceError(
          .badRequest, "realm '\(name)' reads from itself, by way of its parents",
          remedy: "trust flows one way: take one of the 'parents' out", subject: name)
      }
      guard above.count < Self.lineageMax else {
        throw ServiceError(
          .badRequest,
          "realm '\(name)' reads from \(above.count) others, not at most \(Self.lineageMax - 1)",
          subject: name)
      }
    }
  }

  /// What holds for a realm.
  func rules(of name: String) -> Realm { realms[name] ?? others }

  /// A realm and those that it reads from, each once, nearest first.
  func lineage(of name: String) -> [String] {
    [name] + lineage(above: realms[name]?.parents ?? [])
  }

  private func lineage(above parents: [String]) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    var level = parents
    while !level.isEmpty {
      let new = level.filter { seen.insert($0).inserted }
      found += new
      level = new.flatMap { realms[$0]?.parents ?? [] }
    }
    return found
  }

  /// - Throws: `badRequest` for what is no realm's name.
  static func check(_ name: String) throws(ServiceError) -> RealmName {
    guard let realm = RealmName(name) else {
      throw ServiceError(
        .badRequest, "'\(name.prefix(80))' is not a realm's name",
        remedy: "use up to 128 letters, digits and . _ - @ / :", subject: name)
    }
    return realm
  }
}
