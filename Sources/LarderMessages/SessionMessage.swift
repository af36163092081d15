package import LarderFederation

/// INIT and OVERRIDE: a host session and its share scopes.
package enum SessionMessage {
  /// Opens a session on the asking connection.
  package struct Open: Codable, Sendable {
    /// Chosen by the client, not in use on this connection.
    package var session: UInt32
    package var host: HostFacts
    /// Release ids by remote that the host runs already, after its connection was lost; absent for
    /// a new host.
    package var releases: [String: String]?

    package init(session: UInt32, host: HostFacts, releases: [String: String]? = nil) {
      self.session = session
      self.host = host
      self.releases = releases
    }
  }

  /// Says which session is open now.
  package struct Opened: Codable, Sendable {
    package var session: UInt32
    /// Those of the asked-for releases that are still kept; the session uses them.
    package var releases: [String: String]

    package init(session: UInt32, releases: [String: String] = [:]) {
      self.session = session
      self.releases = releases
    }
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
