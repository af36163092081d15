/// PIN and UNPIN: releases that are kept however many come after them.
package enum PinMessage {
  /// A release; PIN without members only lists.
  package struct Request: Codable, Sendable {
    /// The remote's name.
    package var name: String?
    /// 32 hexadecimal digits, or the name of a channel: the release that it points at now.
    package var release: String?

    package init(name: String? = nil, release: String? = nil) {
      self.name = name
      self.release = release
    }
  }

  /// The answer of both: what the realm has pinned then.
  package struct List: Codable, Sendable, Equatable {
    package var pins: [Pin]
    /// Bytes of all their files, each blob once.
    package var bytes: Int64
    /// What these may come to.
    package var bytesMax: Int64

    package init(pins: [Pin], bytes: Int64, bytesMax: Int64) {
      self.pins = pins
      self.bytes = bytes
      self.bytesMax = bytesMax
    }
  }

  /// A release that is kept, and what it takes.
  package struct Pin: Codable, Sendable, Equatable {
    package var name: String
    package var release: String
    /// Seconds since 1970.
    package var pinnedAt: Int64
    /// Bytes of its files.
    package var bytes: Int64

    package init(name: String, release: String, pinnedAt: Int64, bytes: Int64) {
      self.name = name
      self.release = release
      self.pinnedAt = pinnedAt
      self.bytes = bytes
    }
  }
}
