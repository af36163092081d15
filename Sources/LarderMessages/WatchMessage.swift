/// WATCH: says when a channel of a remote points elsewhere than the client knows.
package enum WatchMessage {
  /// What the client knows.
  package struct Request: Codable, Sendable {
    /// Remote to release id; null for a remote without the channel, and for one that nobody knows.
    package var known: [String: String?]
    /// `current` where absent.
    package var channel: String?

    package init(known: [String: String?], channel: String? = nil) {
      self.known = known
      self.channel = channel
    }
  }

  /// Those of the remotes where it is otherwise, at least one, and what it is there.
  package struct Reply: Codable, Sendable, Equatable {
    package var moved: [String: String?]

    package init(moved: [String: String?]) { self.moved = moved }
  }
}
