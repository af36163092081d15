/// What a peer may do in its realm besides reading.
package struct Rights: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Add content: PUT, KEYED, an ENSURE that asks an origin; and keep it: LEASE.
  package static let write = Rights(rawValue: 1)
  /// Decide what a remote's name means: PUBLISH, a REMOTE that changes something, PIN.
  package static let publish = Rights(rawValue: 2)
  /// See figures of the whole machine, other realms' use among them.
  package static let observe = Rights(rawValue: 4)
  /// ADMIN, with every realm in it.
  package static let administer = Rights(rawValue: 8)

  /// What the console shows and does; who may less is not told where it is.
  package static let console: Rights = [.publish, .observe]
  /// Of a user in a daemon of their own.
  package static let user: Rights = [.write, .publish, .observe]
  package static let administrator: Rights = [.user, .administer]

  /// Those that a policy grants, by the names that it has for them.
  package static let names: [(name: String, right: Rights)] = [
    ("write", .write), ("publish", .publish), ("observe", .observe),
  ]
}
