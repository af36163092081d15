@testable import LarderFederation

/// Turns a graph vector into the facts that an importer would read from builds of it, and into its
/// host.
struct GraphFacts {
  let containers: [String: ContainerFacts]
  let host: HostFacts
  let requests: [PlanRequest]

  init(_ vector: GraphVector, rules: RuleSet = .webpack575) {
    var containers: [String: ContainerFacts] = [:]
    for (name, container) in vector.containers where container.exposes?.isEmpty == false {
      containers[name] = Self.facts(name, container, rules)
    }
    self.containers = containers
    (host, requests) = Self.host(vector, rules)
  }

  private static func chunk(_ path: String) -> String {
    var name = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    name = name.replacing("/", with: "_").replacing(".", with: "_")
    return name
  }

  private static func remote(_ request: String, _ container: GraphVector.Container) -> RemoteFacts?
  {
    guard let slash = request.firstIndex(of: "/"),
      let location = container.remotes?[String(request[..<slash])]
    else { return nil }
    let names =
      switch location {
      case .one(let name): [name]
      case .several(let names): names
      }
    return RemoteFacts(
      module: "webpack/container/remote/\(request)", expose: "." + request[slash...],
      locations: names.map { RemoteLocation(type: "commonjs-module", location: $0) }, chunks: [])
  }

  private static func facts(
    _ name: String, _ container: GraphVector.Container, _ rules: RuleSet
  ) -> ContainerFacts {
    var facts = ContainerFacts(name: name, uniqueName: container.uniqueName, ruleSet: rules)
    let imported = Set((container.modules ?? [:]).values.flatMap { $0.static + $0.dynamic })
    for (key, options) in (container.shared ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard imported.contains(key), options.import != false,
        let version = container.ownPackages?[key]
      else { continue }
      let id = "node_modules_\(key)_index_js"
      facts.chunks.append(ChunkFacts(id: id, files: [id + ".js"]))
      facts.provides.append(ProvideFacts(key: key, version: version, chunks: [id]))
    }
    for (expose, path) in (container.exposes ?? [:]).sorted(by: { $0.key < $1.key }) {
      let id = chunk(path)
      facts.chunks.append(ChunkFacts(id: id, files: [id + ".js"]))
      var steps: [ExecutionStep] = []
      for request in container.modules?[path]?.static ?? [] {
        if var remote = remote(request, container) {
          remote.chunks = [id]
          facts.remotes.append(remote)
          steps.append(.remote(module: remote.module))
        } else if let options = container.shared?[request] {
          let consume = consume(request, options, id, container.ownPackages?[request])
          facts.consumes.append(consume)
          steps.append(.shared(module: consume.module))
        }
      }
      facts.exposes.append(ExposeFacts(name: expose, chunks: [id], executes: steps))
    }
    return facts
  }

  private static func consume(
    _ key: String, _ options: SharedOptions, _ chunk: String, _ version: String?
  ) -> ConsumeFacts {
    let hasFallback = options.import != false
    return ConsumeFacts(
      module: "webpack/sharing/consume/default/\(key)/\(chunk)", key: key,
      range: options.requirement.map { VersionRange(parsing: $0).description },
      strict: options.strictVersion ?? (hasFallback && options.singleton != true),
      singleton: options.singleton ?? false,
      fallback: hasFallback
        ? FallbackFacts(version: version, chunks: ["node_modules_\(key)_index_js"]) : nil,
      chunks: [chunk])
  }

  private static func host(
    _ vector: GraphVector, _ rules: RuleSet
  ) -> (HostFacts, [PlanRequest]) {
    let container = vector.containers[vector.host]
    var host = HostFacts(name: vector.host, uniqueName: container?.uniqueName, ruleSet: rules)
    var requests: [PlanRequest] = []
    let boot = container?.modules?["./src/boot.js"]
    for request in (boot?.static ?? []) + (boot?.dynamic ?? []) {
      if let container, let remote = remote(request, container) {
        let name = remote.locations.compactMap(\.remoteName).last ?? ""
        requests.append(PlanRequest(remote: name, expose: remote.expose))
      } else if let options = container?.shared?[request] {
        host.consumes.append(
          HostConsume(
            key: request, requiredVersion: options.requirement,
            singleton: options.singleton ?? false, strictVersion: options.strictVersion,
            hasFallback: options.import != false, after: requests.count))
      }
    }
    let imported = (boot?.static ?? []) + (boot?.dynamic ?? [])
    for (key, options) in container?.shared ?? [:] where imported.contains(key) {
      guard options.import != false, let version = container?.ownPackages?[key] else { continue }
      host.shared.append(HostShare(key: key, version: version))
    }
    return (host, requests)
  }
}
