import LarderClient
import LarderFederation

/// A scope's entry, if there is one, and a registration, as `larder share register` reads them.
struct RegisterCase {
  private let key: String
  private let existing: ShareEntry?
  private let version: String
  private let uniqueName: String
  private let eager: Bool

  /// - Parameter notes: gains what was not looked at.
  init(_ object: JSONObject, notes: inout [String]) throws(ClientError) {
    let new = try JSONObject(object["register"], at: "\(object.place): register")
    try new.expect(["key", "version", "uniqueName", "eager"], noted: &notes)
    key = try object.requiredText("key")
    version = try new.requiredText("version")
    uniqueName = try new.requiredText("uniqueName")
    eager = try new.flag("eager") ?? false
    if let value = object["existing"] {
      let entry = try JSONObject(value, at: "\(object.place): existing")
      existing = try ShareEntry(
        entry, version: try entry.requiredText("version"), notes: &notes)
    } else {
      existing = nil
    }
  }

  /// The package's entries after the registration under `rules`.
  func answer(under rules: RuleSet) -> RegisterAnswer {
    var scope = ShareScope()
    if let existing { scope.put(existing, under: key) }
    let registration = scope.register(
      key: key, version: version, from: uniqueName, eager: eager, under: rules)
    return RegisterAnswer(
      entries: scope.versions(of: key) ?? [], registration: registration,
      // Where both have one name, the entry does not tell which of them it is.
      keptVersion: registration.isTaken || existing?.from != uniqueName ? nil : version)
  }
}

/// What `larder share register` prints: the entries by version.
struct RegisterAnswer: Encodable {
  private struct Entry: Encodable {
    let from: String
    let eager: Bool
    let kept: Bool?
  }

  let entries: [ShareEntry]
  let registration: ShareRegistration
  let keptVersion: String?

  func encode(to encoder: any Encoder) throws {
    let written = entries.map { entry in
      let isKept = entry.version == keptVersion
      return (entry.version, Entry(from: entry.from, eager: entry.eager, kept: isKept ? true : nil))
    }
    try Dictionary(uniqueKeysWithValues: written).encode(to: encoder)
  }

  /// For people.
  var lines: String {
    var table = Table()
    for entry in entries {
      table.add(entry.version, "from \(entry.from)", entry.eager ? "eager" : "")
    }
    return table.lines + "\(registration.rule.rawValue): \(registration.reason)\n"
  }
}
