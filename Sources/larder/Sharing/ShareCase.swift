import LarderClient
import LarderFederation

/// A share scope and a consumer, as `larder share explain` reads them.
struct ShareCase {
  var scope: ShareScope
  let consumer: ShareConsumer

  /// - Parameter notes: gains what was not looked at.
  init(
    _ object: JSONObject, under rules: RuleSet, notes: inout [String]
  ) throws(ClientError) {
    scope = ShareScope(name: try object.text("scopeName") ?? "default")
    let packages = try JSONObject(object["scope"], at: "\(object.place): scope")
    for package in packages.members {
      let place = "\(packages.place).\(package.name)"
      scope.declare(package.name)
      for entry in try Self.entries(package.value, at: place, notes: &notes) {
        scope.put(entry, under: package.name)
      }
    }
    consumer = try Self.consumer(
      JSONObject(object["consumer"], at: "\(object.place): consumer"), under: rules, notes: &notes)
  }

  /// A list of entries, or an object of them by version as the live scope is.
  private static func entries(
    _ value: JSONValue, at place: String, notes: inout [String]
  ) throws(ClientError) -> [ShareEntry] {
    var entries: [ShareEntry] = []
    switch value {
    case .array(let list):
      for (index, one) in list.enumerated() {
        let object = try JSONObject(one, at: "\(place)[\(index)]")
        entries.append(
          try ShareEntry(object, version: try object.requiredText("version"), notes: &notes))
      }
    case .object(let members):
      for member in members {
        let object = try JSONObject(member.value, at: "\(place).\(member.name)")
        entries.append(try ShareEntry(object, version: member.name, notes: &notes))
      }
    default: throw .input("\(place) must be a list of versions, not \(value.kind)")
    }
    return entries
  }

  private static func consumer(
    _ object: JSONObject, under rules: RuleSet, notes: inout [String]
  ) throws(ClientError) -> ShareConsumer {
    try object.expect(
      [
        "key", "shareKey", "requiredVersion", "singleton", "strictVersion", "eager", "import",
        "name", "shareScope", "version", "packageName",
      ], noted: &notes)
    guard let key = try object.text("shareKey", "key") else {
      throw .input("\(object.place).key is missing", remedy: "name the package that is asked for")
    }
    // `false` is how a configuration says that any version will do.
    let range = object["requiredVersion"] == .bool(false) ? nil : try object.text("requiredVersion")
    return ShareConsumer(
      name: try object.text("name") ?? "consumer", key: key,
      range: range.map { VersionRequirement(parsing: $0, under: rules) },
      isStrict: try object.flag("strictVersion"),
      isSingleton: try object.flag("singleton") ?? false,
      isEager: try object.flag("eager") ?? false, hasFallback: object["import"] != .bool(false))
  }

  /// What comes of it under `rules`.
  func answer(under rules: RuleSet) -> ShareAnswer {
    var scope = scope
    let decision = scope.select(consumer, under: rules)
    let loaded = scope.keys.flatMap { key in
      (scope.versions(of: key) ?? []).filter(\.isLoaded).map { "\(key)@\($0.version)" }
    }
    // Module Federation 2 sets its marks later, when the code has arrived.
    return ShareAnswer(decision, loadedAfter: rules.isModuleFederation2 ? nil : loaded)
  }
}

extension ShareEntry {
  /// Reads the members of an entry beside its version.
  init(_ object: JSONObject, version: String, notes: inout [String]) throws(ClientError) {
    try object.expect(
      ["version", "from", "eager", "loaded", "strategy", "get", "mark"], noted: &notes)
    self.init(
      version: version, from: try object.requiredText("from"),
      eager: try object.flag("eager") ?? false, isLoaded: try object.flag("loaded") ?? false,
      isLoadedFirst: try object.text("strategy") == "loaded-first")
  }
}
