/// The JSON body of a HELLO request: `{"protocol": [1, 1], "client": "larder/0.1.0"}`.
package struct HelloRequest: Sendable, Hashable, Codable {
  /// The lowest and the highest version that the client speaks: two numbers.
  package let `protocol`: [Int]
  /// Program and version, for logs.
  package let client: String?

  package init(client: String) {
    `protocol` = [ProtocolVersion.current, ProtocolVersion.current]
    self.client = client
  }

  /// The version to speak.
  ///
  /// - Throws: `badRequest` if `protocol` is no ordered pair, `unsupportedProtocol` if no version is
  ///   spoken by both sides.
  package func negotiate() throws(WireError) -> Int {
    guard `protocol`.count == 2, `protocol`[0] <= `protocol`[1] else {
      throw WireError(.badRequest, "'protocol' is the lowest and the highest version, as [1, 1]")
    }
    guard let version = ProtocolVersion.negotiate(`protocol`[0]...`protocol`[1]) else {
      throw WireError(
        .unsupportedProtocol,
        "the client speaks versions \(`protocol`[0]) to \(`protocol`[1]), the daemon speaks "
          + "\(ProtocolVersion.current)")
    }
    return version
  }
}

/// The JSON body of a HELLO reply.
package struct HelloReply: Sendable, Hashable, Codable {
  /// The limits that a client has to keep, or may use up.
  package struct Limits: Sendable, Hashable, Codable {
    package let frameBodyMax: Int
    package let requestsInFlightMax: Int
    package let digestsMax: Int
    package let blobSizeMax: Int64
    package let sessionsMax: Int

    /// Those of `WireLimits`.
    package init() {
      frameBodyMax = WireLimits.frameBodyMax
      requestsInFlightMax = WireLimits.requestsInFlightMax
      digestsMax = WireLimits.digestsMax
      blobSizeMax = WireLimits.blobSizeMax
      sessionsMax = WireLimits.sessionsMax
    }
  }

  /// The version that is spoken from here on.
  package let `protocol`: Int
  /// Program and version of the daemon.
  package let server: String
  /// The realm that the socket leads to.
  package let realm: String
  /// Ways of handing out content: `bytes`.
  package let capabilities: [String]
  package let limits: Limits

  package init(version: Int, server: String, realm: String) {
    `protocol` = version
    self.server = server
    self.realm = realm
    capabilities = ["bytes"]
    limits = Limits()
  }
}
