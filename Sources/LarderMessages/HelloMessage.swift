/// HELLO: the first exchange of a connection.
package enum HelloMessage {
  /// What the client speaks.
  package struct Request: Codable, Sendable {
    /// The lowest and the highest protocol version, in this order.
    package var `protocol`: [Int]
    /// Name and version, for the daemon's log: `larder/0.1.0`.
    package var client: String

    package init(protocol versions: [Int], client: String) {
      self.protocol = versions
      self.client = client
    }
  }

  /// What the daemon speaks, and the bounds it keeps.
  package struct Reply: Codable, Sendable {
    package var `protocol`: Int
    package var server: String
    package var realm: String
    /// How content is handed out: `bytes`, and `places` where there is memory to share.
    package var capabilities: [String]
    package var limits: Limits

    package init(
      protocol version: Int, server: String, realm: String, capabilities: [String], limits: Limits
    ) {
      self.protocol = version
      self.server = server
      self.realm = realm
      self.capabilities = capabilities
      self.limits = limits
    }
  }

  /// The limits that a client must keep; all are finite.
  package struct Limits: Codable, Sendable, Equatable {
    package var frameBodyMax: Int
    package var requestsInFlightMax: Int
    package var digestsMax: Int
    package var blobSizeMax: Int64
    package var sessionsMax: Int
    package var slabsMax: Int
    package var descriptorsPerFrameMax: Int

    package init(
      frameBodyMax: Int, requestsInFlightMax: Int, digestsMax: Int, blobSizeMax: Int64,
      sessionsMax: Int, slabsMax: Int, descriptorsPerFrameMax: Int
    ) {
      self.frameBodyMax = frameBodyMax
      self.requestsInFlightMax = requestsInFlightMax
      self.digestsMax = digestsMax
      self.blobSizeMax = blobSizeMax
      self.sessionsMax = sessionsMax
      self.slabsMax = slabsMax
      self.descriptorsPerFrameMax = descriptorsPerFrameMax
    }
  }
}
