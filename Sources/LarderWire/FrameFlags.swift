/// The flag byte of a frame.
package struct FrameFlags: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// From the daemon.
  package static let reply = FrameFlags(rawValue: 0x01)
  /// The request or the reply goes on in a further frame.
  package static let more = FrameFlags(rawValue: 0x02)
  /// The body is an error, and the last of its request.
  package static let error = FrameFlags(rawValue: 0x04)
  /// The body is bytes of content.
  package static let data = FrameFlags(rawValue: 0x08)

  /// Every bit that has a meaning in this version.
  package static let known: FrameFlags = [.reply, .more, .error, .data]
}
