/// The limits of the native protocol; HELLO tells them to the client.
package enum WireLimits {
  /// Bytes of one frame's body: large enough that a header costs nothing beside it, small enough
  /// that some 60 connections may hold one whole at a time (the daemon's budget for all).
  package static let frameBodyMax = 4 << 20

  /// Requests that one connection may have open. At depth 64 a client that waits a millisecond for
  /// its answers still asks 64,000 times a second.
  package static let requestsInFlightMax = 64

  /// Digests in one HAS or GET: 10,000 x 48 bytes = 480,000 bytes, well below one frame.
  package static let digestsMax = 10_000

  /// Bytes that a PING may carry: enough for a nonce or a time stamp.
  package static let pingBodyMax = 64

  /// Bytes of one blob: the store's own limit, 1 GiB.
  package static let blobSizeMax: Int64 = 1 << 30

  /// Host sessions of one connection. A host process opens one, a test runner a few.
  package static let sessionsMax = 64

  /// Content in one frame that either side sends by choice: the store's piece, so that a frame is
  /// one read, and a quarter of what a frame may hold, so that a slow peer ties up little.
  package static let contentFrameBytes = 1 << 20

  /// Bytes of an OPEN reply's JSON, or of any JSON reply joined: 64 MiB, a plan of some 200,000
  /// files at 300 bytes each.
  package static let jsonReplyMax = 64 << 20

  /// Descriptors that come with one frame: few enough for the ancillary data of any client.
  package static let descriptorsPerFrameMax = 64

  /// Slabs that one connection may hold, 1 GiB of them at 4 MiB; a further one has to wait for DROP,
  /// and its content comes as bytes until then.
  package static let slabsMax = 256
}
