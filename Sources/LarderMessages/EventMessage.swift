/// Something that happened to a remote of a realm, as the console tells it.
package struct EventMessage: Codable, Sendable, Equatable {
  /// What happened.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// A remote was registered, or its origin changed.
    case registered
    case removed
    /// A release came: published, or fetched whole.
    case recorded
    /// A channel points elsewhere.
    case moved
    /// A deploy could not be had, for the first time or for another reason than before.
    case failed
    /// A host saw an execution depart from its plan.
    case departed
  }

  /// Grows by one with each event of any realm, from 1 on since the daemon's start.
  package var ordinal: UInt64
  /// Seconds since 1970, UTC.
  package var at: Int64
  package var kind: Kind
  package var remote: String
  package var channel: String?
  /// 32 hexadecimal digits.
  package var release: String?
  /// Why, or what else there is to say.
  package var message: String?

  package init(
    ordinal: UInt64, at: Int64, kind: Kind, remote: String, channel: String? = nil,
    release: String? = nil, message: String? = nil
  ) {
    self.ordinal = ordinal
    self.at = at
    self.kind = kind
    self.remote = remote
    self.channel = channel
    self.release = release
    self.message = message
  }
}
