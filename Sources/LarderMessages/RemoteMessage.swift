package import LarderCore
package import LarderFederation

/// REMOTE: what this realm knows of its remotes, and changes to it.
package enum RemoteMessage {
  /// What is asked for; docs/protocol.md says what each takes.
  package enum Operation: String, Codable, Sendable, CaseIterable {
    case add, update, show, contents, list, remove, channel, `switch`, rollback, inspect
    case shares
  }

  /// Members that the operation does not take are absent.
  package struct Request: Codable, Sendable {
    package var op: Operation
    package var name: String?
    /// Base URLs: the folders that hold a `stats.json`, one for each variant.
    package var urls: [String]?
    package var channel: String?
    package var release: String?
    /// Remotes that are changed together.
    package var names: [String]?
    /// By the remote's name: the release that its channel is to point at.
    package var releases: [String: String]?
    /// How often the remote is updated by itself from now on; 0 for never, absent for as before.
    package var everySeconds: Int64?
    /// A shared package.
    package var key: String?

    package init(
      op: Operation, name: String? = nil, urls: [String]? = nil, channel: String? = nil,
      release: String? = nil, names: [String]? = nil, releases: [String: String]? = nil,
      everySeconds: Int64? = nil, key: String? = nil
    ) {
      self.op = op
      self.name = name
      self.urls = urls
      self.channel = channel
      self.release = release
      self.names = names
      self.releases = releases
      self.everySeconds = everySeconds
      self.key = key
    }
  }

  /// How far the bytes of a remote's newest deploy are.
  package enum State: String, Codable, Sendable {
    /// Its build is known; nothing asked for it yet.
    case announced
    /// Files are on their way.
    case fetching
    /// Channel `current` points at a release whose files are all here.
    case complete
    /// The last attempt failed; `message` says why. What `current` names is served on.
    case failed
  }

  /// A remote with its releases, newest first.
  package struct Remote: Codable, Sendable, Equatable {
    package var name: String
    package var urls: [String]
    package var state: State
    package var message: String?
    package var current: ReleaseMessage?
    /// Channel name to release id.
    package var channels: [String: String]
    package var releases: [ReleaseMessage]
    /// Absent where it has no origin that is asked by itself, and nobody asked it since the
    /// daemon's start.
    package var updates: Updates?
    package var retention: Retention?
    /// The realm that it is read from; absent for the peer's own.
    package var realm: String?

    package init(
      name: String, urls: [String], state: State, message: String?, current: ReleaseMessage?,
      channels: [String: String], releases: [ReleaseMessage], updates: Updates? = nil,
      retention: Retention? = nil, realm: String? = nil
    ) {
      self.name = name
      self.urls = urls
      self.state = state
      self.message = message
      self.current = current
      self.channels = channels
      self.releases = releases
      self.updates = updates
      self.retention = retention
      self.realm = realm
    }
  }

  /// How its origin is asked for new deploys; what happened is since the daemon's start.
  package struct Updates: Codable, Sendable, Equatable {
    /// Absent where it is asked on demand only.
    package var everySeconds: Int64?
    /// Seconds since 1970, UTC, of the last time and the next.
    package var askedAt: Int64?
    package var nextAt: Int64?
    /// Seconds since 1970, UTC; absent unless the last attempt failed.
    package var failingSince: Int64?
    /// Why it failed, or why the deploy that is there did not become current.
    package var message: String?

    package init(
      everySeconds: Int64? = nil, askedAt: Int64? = nil, nextAt: Int64? = nil,
      failingSince: Int64? = nil, message: String? = nil
    ) {
      self.everySeconds = everySeconds
      self.askedAt = askedAt
      self.nextAt = nextAt
      self.failingSince = failingSince
      self.message = message
    }
  }

  /// What is kept besides what channels, pins and sessions hold.
  package struct Retention: Codable, Sendable, Equatable {
    /// The newest so many.
    package var newest: Int
    /// And those that came less than so many seconds ago; absent where age keeps nothing.
    package var seconds: Int64?

    package init(newest: Int, seconds: Int64? = nil) {
      self.newest = newest
      self.seconds = seconds
    }
  }

  /// Remotes: all of the realm sorted by name, or those that were changed together.
  package struct List: Codable, Sendable {
    package var remotes: [Remote]

    package init(remotes: [Remote]) { self.remotes = remotes }
  }

  /// What a release consists of.
  package struct Contents: Codable, Sendable {
    package var name: String
    /// 32 hexadecimal digits.
    package var release: String
    package var variants: [Variant]

    package init(name: String, release: String, variants: [Variant]) {
      self.name = name
      self.release = release
      self.variants = variants
    }

    /// One build of the release for one target.
    package struct Variant: Codable, Sendable {
      package var facts: ContainerFacts
      /// The build's `stats.json`; absent where there was none.
      package var stats: Digest?
      /// Sorted by path.
      package var files: [PublishMessage.File]

      package init(facts: ContainerFacts, stats: Digest?, files: [PublishMessage.File]) {
        self.facts = facts
        self.stats = stats
        self.files = files
      }
    }
  }

  /// What builds say of themselves, one for each container.
  package struct Inspection: Codable, Sendable {
    package var variants: [ContainerFacts]

    package init(variants: [ContainerFacts]) { self.variants = variants }
  }
}
