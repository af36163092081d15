package import LarderFederation

/// INIT and OVERRIDE: a host session and its share scopes.
package enum SessionMessage {
  /// Opens a session on the asking connection.
  package struct Open: Codable, Sendable {
    /// Chosen by the client, not in use on this connection.
    package var session: UInt32
    package var host: HostFacts

    package init(session: UInt32, host: HostFacts) {
      self.session = session
      self.host = host
    }
  }

  /// Says which session is open now.
  package struct Opened: Codable, Sendable {
    package var session: UInt32

    package init(session: UInt32) { self.session = session }
  }

  /// Packages that join the scopes of a session.
  package struct Override: Codable, Sendable {
    package var session: UInt32
    package var shared: [HostShare]

    package init(session: UInt32, shared: [HostShare]) {
      self.session = session
      self.shared = shared
    }
  }

  /// The scopes as they are after an override.
  package struct Overridden: Codable, Sendable {
    package var shared: [HostShare]

    package init(shared: [HostShare]) { self.shared = shared }
  }
}
