/// The packages that the containers of one host session share under one scope name, in JavaScript's
/// order.
///
/// A value: it models what the live scope object in a host would hold. Order is part of its
/// meaning, since the selection of singletons depends on which version is met first (rule W9).
/// Look-ups are linear in the number of versions of one package, which is small.
package struct ShareScope: Hashable, Sendable {
  /// `default` unless builds say otherwise.
  package let name: String
  /// Versions by package, each list in insertion order.
  private var entriesByKey: [String: [ShareEntry]] = [:]
  private var keysByInsertion: [String] = []

  /// An empty scope.
  package init(name: String = "default") { self.name = name }

  /// The packages, in the order in which JavaScript enumerates an object's own keys.
  package var keys: [String] { Self.ownKeyOrder(keysByInsertion) { $0 } }

  /// The versions of `key`, in the order in which JavaScript enumerates them (rule W13): keys that
  /// are array indices (`2`) first, ascending, then the others as they came. Nil where nobody
  /// registered the package.
  package func versions(of key: String) -> [ShareEntry]? {
    entriesByKey[key].map { Self.ownKeyOrder($0) { $0.version } }
  }

  /// Adds one provided version, or lets it contest the entry that holds the same version (rules
  /// R-TIE and M5). Another version is added beside.
  ///
  /// - Parameter rules: those of the runtime that registers.
  @discardableResult
  package mutating func register(
    key: String, version: String, from uniqueName: String, eager: Bool = false,
    under rules: RuleSet = .webpack
  ) -> ShareRegistration {
    let new = ShareEntry(
      version: version, from: uniqueName, eager: eager, isLoadedFirst: rules == .mf2LoadedFirst)
    if let held = entriesByKey[key]?.first(where: { $0.version == version }) {
      let registration = held.contest(new, under: rules)
      if registration.isTaken { put(new, under: key) }
      return registration
    }
    let beside = (entriesByKey[key] ?? []).isEmpty ? "" : ", beside the other versions"
    put(new, under: key)
    return ShareRegistration(
      isTaken: true, rule: .tie, reason: "nobody else provides \(version): it is added\(beside)")
  }

  /// Puts `entry` in place as it is, without contest: how a host's own live scope, or a recorded
  /// one, comes in.
  package mutating func put(_ entry: ShareEntry, under key: String) {
    if entriesByKey[key] == nil { keysByInsertion.append(key) }
    var entries = entriesByKey[key] ?? []
    if let index = entries.firstIndex(where: { $0.version == entry.version }) {
      entries[index] = entry
    } else {
      entries.append(entry)
    }
    entriesByKey[key] = entries
  }

  /// Lists `key` without any version, as only a malformed live scope does (rule W14).
  package mutating func declare(_ key: String) {
    guard entriesByKey[key] == nil else { return }
    keysByInsertion.append(key)
    entriesByKey[key] = []
  }

  /// Notes that somebody selected `version` of `key` (rule W15). Does nothing where the scope lacks
  /// it.
  package mutating func markLoaded(_ version: String, of key: String) {
    guard let index = entriesByKey[key]?.firstIndex(where: { $0.version == version }) else {
      return
    }
    entriesByKey[key]?[index].isLoaded = true
  }

  private static func ownKeyOrder<Element>(
    _ elements: [Element], by key: (Element) -> String
  ) -> [Element] {
    var indexed: [(index: UInt32, element: Element)] = []
    var others: [Element] = []
    for element in elements {
      if let index = JavaScriptNumber.arrayIndex(key(element)) {
        indexed.append((index, element))
      } else {
        others.append(element)
      }
    }
    return indexed.sorted { $0.index < $1.index }.map(\.element) + others
  }
}
