package import NIOCore

/// The bounds that the gateway keeps for each of its addresses.
package struct GatewayLimits: Sendable {
  /// Connections at a time; whoever comes then waits for one to end. A browser opens six for each
  /// page and host name: 170 pages that load at once.
  package var connectionsMax = 1_024

  /// Streams of HTTP/2 at a time, over all connections: as many as there are answers of HTTP/1.1. One
  /// connection opens 100 at most (NIO's own limit, as are those on frames).
  package var streamsMax = 1_024

  /// How long a connection of HTTP/2 is used, so that a long-lived one moves on when its certificate,
  /// or this program, is replaced.
  package var ageMax = TimeAmount.hours(1)

  /// Connections that wait to be accepted (listen(2)).
  package var backlog = 256

  /// A request's line and its fields together, and one field alone. Browsers send 1 to 2 KiB; 16 KiB
  /// leave room for the cookies of other servers on the same host name.
  package var headBytesMax = 16 << 10

  /// Fields of a request: browsers send some twenty.
  package var fieldsMax = 64

  /// A request's target: a release's file has 200 bytes and its path.
  package var targetBytesMax = 4 << 10

  /// From the first byte of a request, or from the begin of a connection, to the end of its head.
  package var headTimeout = TimeAmount.seconds(10)

  /// How long a connection may wait for its next request: longer than browsers keep one.
  package var idleTimeout = TimeAmount.seconds(60)

  /// How long a peer may take to read the 32 KiB that make room for more: 1 KiB a second.
  package var writeTimeout = TimeAmount.seconds(30)

  /// How long a connection that is to end waits for its peer to have read the last answer: closing on
  /// what it still sends would take that away (RFC 9112, 9.6).
  package var lingerTimeout = TimeAmount.seconds(2)

  /// What an answer makes of a blob in memory at a time is a piece of 1 MiB, or two of 256 KiB where it
  /// is larger, and the socket's buffers on top: 1 GiB where every connection loads a file of 1 MiB at
  /// once. Files up to that size that were
  /// sent lately are kept, in `PromptFiles.bytesMax` for all addresses, and shared by all answers.
  package init() {}
}
