package import LarderCore
package import LarderFederation

/// OPEN: a plan and its bytes, or single files of a container, in one reply.
package enum OpenMessage {
  /// Either what PLAN takes, or `container` and `paths`.
  package struct Request: Codable, Sendable {
    package var session: UInt32?
    package var host: HostFacts?
    package var requests: [PlanRequest]?
    package var consumes: [HostConsume]?
    /// Which phases' bytes come along; `required` alone where absent.
    package var include: [PlanPhase]?
    /// Digests that the client has already.
    package var have: [Digest]?
    /// With `paths`: the container whose files are wanted.
    package var container: String?
    package var paths: [String]?
    /// How the blobs come; as bytes where absent.
    package var reply: Reply?

    /// How blobs come: as bytes, as places in slabs, or each in a slab of its own.
    package enum Reply: String, Codable, Sendable {
      case bytes, places, descriptors
    }

    package init(
      session: UInt32? = nil, host: HostFacts? = nil, requests: [PlanRequest]? = nil,
      consumes: [HostConsume]? = nil, include: [PlanPhase]? = nil, have: [Digest]? = nil,
      container: String? = nil, paths: [String]? = nil, reply: Reply? = nil
    ) {
      self.session = session
      self.host = host
      self.requests = requests
      self.consumes = consumes
      self.include = include
      self.have = have
      self.container = container
      self.paths = paths
      self.reply = reply
    }
  }

  /// The JSON before the bytes.
  package struct Head: Codable, Sendable {
    package var plan: Plan?
    package var files: [File]
    /// The blobs that follow, in the order of their bytes.
    package var blobs: [BlobStat]

    package init(plan: Plan?, files: [File], blobs: [BlobStat]) {
      self.plan = plan
      self.files = files
      self.blobs = blobs
    }
  }

  /// Where a file of a container is among the blobs.
  package struct File: Codable, Sendable {
    package var container: String
    package var path: String
    package var digest: Digest
    package var size: ByteCount

    package init(container: String, path: String, digest: Digest, size: ByteCount) {
      self.container = container
      self.path = path
      self.digest = digest
      self.size = size
    }
  }
}
