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

  /// The body says where content is, in slabs that the client has.
  package static let places = FrameFlags(rawValue: 0x10)
  /// The body names slabs; their descriptors came with the frame's first byte.
  package static let slabs = FrameFlags(rawValue: 0x20)

  /// Every bit that has a meaning in this version.
  package static let known: FrameFlags = [.reply, .more, .error, .data, .places, .slabs]
}
