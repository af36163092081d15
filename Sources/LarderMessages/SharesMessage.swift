/// REMOTE shares: who provides which version of a package, with which bytes, and who uses it.
package struct SharesMessage: Codable, Sendable {
  /// Sorted by key.
  package var packages: [Package]

  package init(packages: [Package]) { self.packages = packages }

  /// One package, under the name that scopes have for it.
  package struct Package: Codable, Sendable {
    package var key: String
    /// Sorted by version, as text.
    package var versions: [Version]

    package init(key: String, versions: [Version]) {
      self.key = key
      self.versions = versions
    }
  }

  /// One version of a package.
  package struct Version: Codable, Sendable {
    /// Absent for copies whose version nobody knows.
    package var version: String?
    package var providers: [Provider]
    package var uses: [Use]

    package init(version: String?, providers: [Provider], uses: [Use]) {
      self.version = version
      self.providers = providers
      self.uses = uses
    }
  }

  /// A build that registers it: of the release that `current` points at.
  package struct Provider: Codable, Sendable {
    package var remote: String
    package var release: String
    package var target: String
    package var scope: String
    package var uniqueName: String
    package var eager: Bool
    /// What its chunks load; none for an eager one, which is in the entry.
    package var files: [PublishMessage.File]
    /// The realm that it is read from; absent for the peer's own.
    package var realm: String?

    package init(
      remote: String, release: String, target: String, scope: String, uniqueName: String,
      eager: Bool, files: [PublishMessage.File], realm: String?
    ) {
      self.remote = remote
      self.release = release
      self.target = target
      self.scope = scope
      self.uniqueName = uniqueName
      self.eager = eager
      self.files = files
      self.realm = realm
    }
  }

  /// A container, or the host itself, that was planned to take it.
  package struct Use: Codable, Sendable {
    package var host: String
    package var consumer: String
    /// The unique name of the provider; absent where it is not known.
    package var from: String?
    /// Whether it is the consumer's own copy, beside the scope.
    package var ownCopy: Bool
    /// In how many sessions.
    package var count: Int64
    /// Seconds since 1970, UTC.
    package var lastAt: Int64

    package init(
      host: String, consumer: String, from: String?, ownCopy: Bool, count: Int64, lastAt: Int64
    ) {
      self.host = host
      self.consumer = consumer
      self.from = from
      self.ownCopy = ownCopy
      self.count = count
      self.lastAt = lastAt
    }
  }
}
