import LarderCore
import LarderFederation
import LarderMessages
import LarderWire

extension LarderClient {
  /// A module that a remote exposes.
  public struct ExposedModule: Sendable, Hashable {
    /// The remote's registered name.
    public var remote: String
    /// As its container's `get` takes it: `./Header`.
    public var expose: String

    /// Checks neither name: a plan says what is wrong with them.
    public init(_ remote: String, _ expose: String) {
      self.remote = remote
      self.expose = expose
    }
  }

  /// Who is to run modules.
  public struct Host: Sendable, Hashable {
    /// What a host can run.
    public enum Target: String, Sendable {
      case web, node, module, webworker
      case asyncNode = "async-node"
    }

    /// Under which plans list what the host itself does.
    public var name: String
    /// Of which variants the plan is made.
    public var target: Target
    /// Versions of the shared packages that the host itself provides, by package.
    public var shared: [String: String]

    /// A host that brings nothing, unless told.
    public init(
      name: String = "host", target: Target = .asyncNode, shared: [String: String] = [:]
    ) {
      self.name = name
      self.target = target
      self.shared = shared
    }
  }

  /// The load plan of exposed modules, and the bytes of its files in memory that the daemon shares,
  /// in one round trip. Files that are not here yet are fetched first.
  ///
  /// The channel `current` of each remote counts now: nothing keeps later plans, of another call,
  /// at the same releases.
  ///
  /// - Parameters:
  ///   - modules: in the order in which the host asks for them.
  ///   - reachable: whether files behind `import()` come along as well.
  ///   - have: what the host has already, and is to be left out.
  /// - Returns: nil without a daemon; see `Options.readsWithoutDaemon`.
  /// - Throws: `corrupt` where content proved damaged and cannot be had again.
  public func open(
    _ modules: [ExposedModule], for host: Host = Host(), reachable: Bool = false,
    except have: [BlobDigest] = []
  ) async throws(ClientError) -> LoadPlan? {
    let request = OpenMessage.Request(
      host: HostFacts(
        name: host.name, target: ContainerTarget(rawValue: host.target.rawValue),
        shared: host.shared.sorted { $0.key < $1.key }
          .map { HostShare(key: $0.key, version: $0.value) }),
      requests: modules.map { PlanRequest(remote: $0.remote, expose: $0.expose) },
      include: reachable ? [.required, .reachable] : [.required], have: have.map(\.value),
      reply: .places)
    return try await reading(insteadOf: nil) { () async throws(ClientError) in
      LoadPlan(
        try await ask(
          .open, JSONBody.encode(request), OpenPlacesReader(), silenceMax: options.replyTimeout))
    }
  }
}
