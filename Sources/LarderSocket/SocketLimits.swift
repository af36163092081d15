import LarderWire

/// The bounds that the socket face keeps; the protocol's own are in `WireLimits`.
package struct SocketLimits: Sendable {
  /// Connections over all endpoints: hosts, build tools and command lines of one machine. An idle
  /// one takes a few KiB here and in the kernel.
  package var connectionsMax = 16_384

  /// Connections of one user (by uid), so that nobody takes all of them: three quarters.
  package var connectionsPerUserMax = 12_288

  /// Memory that all connections hold together: frames that came in part, answers that wait, content
  /// that waits for the disk. 256 MiB are some 16 KiB for each connection that there may be, or as
  /// much as the next two limits allow to 24 of them. Above half of it who has something queued may
  /// queue little more; above it who holds most is closed.
  package var heldBytesMax = 256 << 20

  /// Output that waits for a connection before no further request of it is looked at: as much as a
  /// socket's own buffer holds, so that a peer that reads never waits for us.
  package var outputQueuedBytesMax = 256 << 10

  /// Content of PUTs that waits for the disk before a connection is read no further: two frames of
  /// the largest size, one being written while the next arrives.
  package var putQueuedBytesMax = 2 * WireLimits.frameBodyMax

  /// How long a connection that reads none of its output stays open.
  package var outputStallTimeout: Duration = .seconds(30)

  /// How long a connection may leave a frame, or a PUT, unfinished without sending anything.
  package var inputStallTimeout: Duration = .seconds(30)

  /// How long a connection may take to say HELLO.
  package var helloTimeout: Duration = .seconds(10)

  /// How long nothing is accepted after the process ran out of descriptors.
  package var acceptPause: Duration = .milliseconds(100)

  /// Connections that one wake-up accepts from one endpoint, so that none starves the rest.
  package var acceptsPerWakeUp = 16

  /// Reads that one wake-up makes from one connection, for the same reason.
  package var readsPerWakeUp = 8

  /// Times that one wake-up fills and writes one connection's output, for the same reason: half a
  /// megabyte, some 200 us.
  package var roundsPerWakeUp = 2

  /// Connections whose deadlines are looked at between two waits: some 100 us.
  package var deadlinesPerTurn = 256

  /// How often the deadlines above are looked at; they are late by this much at most.
  package var deadlineCheckInterval: Duration = .seconds(1)

  package init() {}

  /// Bounds for a process that may have so many descriptors open (RLIMIT_NOFILE): a quarter stays for
  /// segments, slabs, databases and origins.
  package init(descriptorsMax: Int) {
    connectionsMax = min(connectionsMax, descriptorsMax / 4 * 3)
    connectionsPerUserMax = min(connectionsPerUserMax, connectionsMax / 4 * 3)
  }
}
