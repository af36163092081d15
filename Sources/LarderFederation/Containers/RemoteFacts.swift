/// An exposed module of another container that modules of this one import.
package struct RemoteFacts: Codable, Hashable, Sendable {
  /// The identifier of the module that stands for it.
  package var module: String
  /// What is asked of the other container: `./Button`.
  package var expose: String
  /// The name of the scope that this container hands over.
  package var scope: String
  /// Where the other container is, tried in order; more than one for a list of locations.
  package var locations: [RemoteLocation]
  /// The chunks whose loading waits for it.
  package var chunks: [String]

  /// Needs at least one location: none is an unsupported type when planned.
  package init(
    module: String, expose: String, scope: String = "default", locations: [RemoteLocation],
    chunks: [String]
  ) {
    self.module = module
    self.expose = expose
    self.scope = scope
    self.locations = locations
    self.chunks = chunks
  }
}

/// A place that a build refers to for a container.
package struct RemoteLocation: Codable, Hashable, Sendable {
  /// The externals type: `script`, `commonjs-module`, `promise`, …
  package var type: String
  /// As configured: `catalog`, `catalog@https://…`, an expression.
  package var location: String

  /// Keeps both as they stand in the module identifier.
  package init(type: String, location: String) {
    self.type = type
    self.location = location
  }

  /// How a host session asks for a registered container, whatever its build's type of externals.
  static func host(_ name: String) -> RemoteLocation {
    RemoteLocation(type: "commonjs-module", location: name)
  }

  /// The name under which the container must be registered; nil for a type that names none, such as
  /// a promise.
  package var remoteName: String? {
    if location.isEmpty { return nil }
    switch type {
    case "script":
      // `name@url`, cut at the first `@`, which neither begins nor ends the text.
      guard let at = location.firstIndex(of: "@"), at != location.startIndex,
        location.index(after: at) != location.endIndex
      else { return nil }
      return String(location[..<at])
    case "promise", "import", "module", "module-import", "system", "jsonp", "internal": return nil
    default: return location
    }
  }
}
