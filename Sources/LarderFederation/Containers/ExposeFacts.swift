/// One module that a container exposes.
package struct ExposeFacts: Codable, Hashable, Sendable {
  /// As `get` takes it: `./Button`.
  package var name: String
  /// The chunks that `get` waits for. A chunk may have no file of its own, only needs.
  package var chunks: [String]
  /// What running the factory executes beyond the container's own modules, in order.
  package var executes: [ExecutionStep]

  /// A module that needs no shared package and no remote, unless told.
  package init(name: String, chunks: [String], executes: [ExecutionStep] = []) {
    self.name = name
    self.chunks = chunks
    self.executes = executes
  }
}

/// A shared package or remote module that executes as part of another module, before it.
package enum ExecutionStep: Codable, Hashable, Sendable {
  /// The consume with this module identifier.
  case shared(module: String)
  /// The remote module with this module identifier.
  case remote(module: String)
}
