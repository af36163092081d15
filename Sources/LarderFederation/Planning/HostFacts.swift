/// The host of one session, as far as a plan depends on it.
package struct HostFacts: Codable, Hashable, Sendable {
  /// Under which plans list what the host itself does.
  package var name: String
  /// Under which the host's own packages are registered.
  package var uniqueName: String
  /// The rules under which the host's own consumes select.
  package var ruleSet: RuleSet
  /// What the host can run; nil where it did not say.
  package var target: ContainerTarget?
  /// What the host's scopes hold before the plan begins, in order.
  package var shared: [HostShare]
  /// Remotes that the host's runtime initialises with its scope whether or not a module of them is
  /// asked for, in order. Those that are asked for follow by themselves.
  package var remotes: [String]
  /// Shared packages that the host itself asks for, in order. They are chosen before anything that
  /// a request needs.
  package var consumes: [HostConsume]

  /// A host that brings nothing, unless told.
  ///
  /// - Parameter uniqueName: nil takes `name`.
  package init(
    name: String, uniqueName: String? = nil, ruleSet: RuleSet = .webpack,
    target: ContainerTarget? = nil, shared: [HostShare] = [], remotes: [String] = [],
    consumes: [HostConsume] = []
  ) {
    self.name = name
    self.uniqueName = uniqueName ?? name
    self.ruleSet = ruleSet
    self.target = target
    self.shared = shared
    self.remotes = remotes
    self.consumes = consumes
  }

  /// Only `name` must be there; the rest defaults as in the memberwise initialiser.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .name)
    self.init(
      name: name,
      uniqueName: try container.decodeIfPresent(String.self, forKey: .uniqueName),
      ruleSet: try container.decodeIfPresent(RuleSet.self, forKey: .ruleSet) ?? .webpack,
      target: try container.decodeIfPresent(ContainerTarget.self, forKey: .target),
      shared: try container.decodeIfPresent([HostShare].self, forKey: .shared) ?? [],
      remotes: try container.decodeIfPresent([String].self, forKey: .remotes) ?? [],
      consumes: try container.decodeIfPresent([HostConsume].self, forKey: .consumes) ?? [])
  }
}

/// One package version that stands in a host's scope.
package struct HostShare: Codable, Hashable, Sendable {
  /// The name of the scope.
  package var scope: String
  /// The package.
  package var key: String
  /// As registered.
  package var version: String
  /// The unique name of its provider; nil for the host itself.
  package var from: String?
  /// Whether it is there without waiting.
  package var eager: Bool
  /// Whether somebody in the session selected it before.
  package var loaded: Bool

  /// The host's own package in the default scope, not loaded yet, unless told.
  package init(
    scope: String = "default", key: String, version: String, from: String? = nil,
    eager: Bool = false, loaded: Bool = false
  ) {
    self.scope = scope
    self.key = key
    self.version = version
    self.from = from
    self.eager = eager
    self.loaded = loaded
  }

  /// Only `key` and `version` must be there.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      scope: try container.decodeIfPresent(String.self, forKey: .scope) ?? "default",
      key: try container.decode(String.self, forKey: .key),
      version: try container.decode(String.self, forKey: .version),
      from: try container.decodeIfPresent(String.self, forKey: .from),
      eager: try container.decodeIfPresent(Bool.self, forKey: .eager) ?? false,
      loaded: try container.decodeIfPresent(Bool.self, forKey: .loaded) ?? false)
  }
}

/// A shared package that the host asks for by itself.
package struct HostConsume: Codable, Hashable, Sendable {
  /// The name of the scope.
  package var scope: String
  /// The package.
  package var key: String
  /// As people write ranges; nil where no version is required.
  package var requiredVersion: String?
  /// Whether one version must serve all.
  package var singleton: Bool
  /// Nil takes webpack's default (rule D1).
  package var strictVersion: Bool?
  /// Whether the host has a copy of its own outside of the scope.
  package var hasFallback: Bool
  /// How many of the requests execute before it; from 0 to their count.
  package var after: Int

  /// Any version, from the default scope, unless told.
  package init(
    scope: String = "default", key: String, requiredVersion: String? = nil,
    singleton: Bool = false, strictVersion: Bool? = nil, hasFallback: Bool = false, after: Int = 0
  ) {
    self.after = after
    self.scope = scope
    self.key = key
    self.requiredVersion = requiredVersion
    self.singleton = singleton
    self.strictVersion = strictVersion
    self.hasFallback = hasFallback
  }

  /// Only `key` must be there.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      scope: try container.decodeIfPresent(String.self, forKey: .scope) ?? "default",
      key: try container.decode(String.self, forKey: .key),
      requiredVersion: try container.decodeIfPresent(String.self, forKey: .requiredVersion),
      singleton: try container.decodeIfPresent(Bool.self, forKey: .singleton) ?? false,
      strictVersion: try container.decodeIfPresent(Bool.self, forKey: .strictVersion),
      hasFallback: try container.decodeIfPresent(Bool.self, forKey: .hasFallback) ?? false,
      after: try container.decodeIfPresent(Int.self, forKey: .after) ?? 0)
  }
}
