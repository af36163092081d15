/// The flag byte of a frame.
@usableFromInline package struct FrameFlags: OptionSet, Sendable, Hashable {
  @usableFromInline package let rawValue: UInt8

  @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// From the daemon.
  @inlinable package static var reply: FrameFlags { FrameFlags(rawValue: 0x01) }
  /// The request or the reply goes on in a further frame.
  @inlinable package static var more: FrameFlags { FrameFlags(rawValue: 0x02) }
  /// The body is an error, and the last of its request.
  @inlinable package static var error: FrameFlags { FrameFlags(rawValue: 0x04) }
  /// The body is bytes of content.
  @inlinable package static var data: FrameFlags { FrameFlags(rawValue: 0x08) }

  /// The body says where content is, in slabs that the client has.
  @inlinable package static var places: FrameFlags { FrameFlags(rawValue: 0x10) }
  /// The body names slabs; their descriptors came with the frame's first byte.
  @inlinable package static var slabs: FrameFlags { FrameFlags(rawValue: 0x20) }

  /// Every bit that has a meaning in this version.
  package static let known = FrameFlags(rawValue: 0x3f)
}
