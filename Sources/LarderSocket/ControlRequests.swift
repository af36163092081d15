import LarderCore
import LarderFederation
import LarderMessages
import LarderService
import LarderStore
import LarderWire

/// The verbs with JSON bodies, each one call of the service.
///
/// Values that live as long as their connection; calls run as tasks, beside the loop.
struct ControlRequests: Sendable {
  /// What a request leads to.
  enum Answer: Sendable {
    /// Whole frames, the last of the reply among them.
    case frames([UInt8])
    /// OPEN: this text, then these blobs.
    case open(text: [UInt8], blobs: [BlobStat], reply: ContentReply)
  }

  let service: Service
  let peer: RealmCapability
  let sessions = SessionTable()
  let leases = LeaseTable()
  let counters: SocketCounters

  /// - Parameter deliver: takes content of ENSURE and KEYED, and ADMIN's progress, while it comes.
  func answer(
    _ verb: Verb, id: UInt64, body: [UInt8], deliver: @escaping Service.Delivery
  ) async throws(ServiceError) -> Answer {
    func json(_ reply: some Encodable) -> Answer {
      .frames(ReplyEncoding.json(reply, verb: verb, id: id))
    }
    func request<Request: Decodable>(_ type: Request.Type) throws(ServiceError) -> Request {
      try RequestDecoding.json(type, from: body, verb: verb)
    }
    switch verb {
    case .stats:
      return json(statistics())
    case .ensure:
      let request = try request(EnsureMessage.Request.self)
      let wantsBytes = request.bytes ?? false
      return json(
        try await service.ensure(request, for: peer, deliver: wantsBytes ? deliver : nil))
    case .publish:
      return json(try await service.publish(request(PublishMessage.Request.self), for: peer))
    case .remote:
      let request = try request(RemoteMessage.Request.self)
      return .frames(try await remote(request, id: id))
    case .`init`:
      let request = try request(SessionMessage.Open.self)
      let (session, opened) = try await service.openSession(request, for: peer)
      try sessions.open(request.session, session)
      return json(opened)
    case .override:
      let request = try request(SessionMessage.Override.self)
      let shared = try sessions.session(request.session).override(request.shared)
      return json(SessionMessage.Overridden(shared: shared))
    case .plan:
      let plan = try await plan(request(PlanMessage.Request.self))
      return .frames(ReplyEncoding.json(verb: verb, id: id) { try plan.text(ReplyEncoding.text) })
    case .report:
      let request = try request(ReportMessage.Request.self)
      await service.report(request, from: try sessions.session(request.session), for: peer)
      return json(EmptyMessage())
    case .open:
      let request = try request(OpenMessage.Request.self)
      let opening = try await open(request)
      do {
        return .open(
          text: try opening.text(ReplyEncoding.text), blobs: opening.body.blobs,
          reply: ContentReply(request.reply ?? .bytes))
      } catch {
        throw ServiceError(.internal, "OPEN's reply has no JSON: \(error)")
      }
    case .lease: return json(try await lease(request(LeaseMessage.Request.self)))
    case .release:
      let number = try request(LeaseMessage.Release.self).lease
      if !leases.release(number) { try service.endLease(number, for: peer) }
      return json(EmptyMessage())
    case .watch: return json(try await service.watch(request(WatchMessage.Request.self), for: peer))
    case .pin: return json(try await service.pin(request(PinMessage.Request.self), for: peer))
    case .unpin: return json(try await service.unpin(request(PinMessage.Request.self), for: peer))
    case .keyed:
      let request = try request(KeyedMessage.Request.self)
      switch request.op {
      case .get:
        let wantsBytes = request.bytes ?? false
        return json(
          try await service.entry(request, for: peer, deliver: wantsBytes ? deliver : nil))
      case .put: return json(try await service.putEntry(request, for: peer))
      case .remove:
        try await service.removeEntry(request, for: peer)
        return json(EmptyMessage())
      }
    case .admin:
      let request = try request(AdminMessage.Request.self)
      return .frames(try await admin(request, id: id, deliver: deliver))
    case .hello, .ping, .has, .get, .put, .drop:
      throw ServiceError(.internal, "\(verb.name) is not answered with JSON")
    }
  }

  private func statistics() -> StatisticsMessage {
    var message = service.statistics(for: peer)
    message.machine?.requests = counters.requests
    message.machine?.connections = counters.connections
    return message
  }

  /// A lease of this connection, or one with a time.
  private func lease(
    _ request: LeaseMessage.Request
  ) async throws(ServiceError) -> LeaseMessage.Reply {
    guard request.digests.count <= WireLimits.digestsMax else {
      throw ServiceError(
        .badRequest,
        "LEASE names 1 to \(WireLimits.digestsMax) digests, not \(request.digests.count)",
        remedy: "take several leases")
    }
    if let seconds = request.seconds {
      let lease = try await service.lease(request.digests, seconds: seconds, for: peer)
      return LeaseMessage.Reply(
        lease: lease.number, seconds: lease.life.components.seconds, bytes: lease.byteCount.value)
    }
    let lease = try await service.lease(request.digests, for: peer)
    leases.add(lease)
    return LeaseMessage.Reply(lease: lease.number, bytes: lease.byteCount.value)
  }

  private func remote(
    _ request: RemoteMessage.Request, id: UInt64
  ) async throws(ServiceError) -> [UInt8] {
    func json(_ reply: some Encodable) -> [UInt8] {
      ReplyEncoding.json(reply, verb: .remote, id: id)
    }
    switch request.op {
    case .add:
      return json(
        try await service.addRemote(
          request.name, urls: request.urls ?? [], every: request.everySeconds, for: peer))
    case .update:
      return json(
        try await service.updateRemote(request.name, every: request.everySeconds, for: peer))
    case .show: return json(try await service.showRemote(request.name, for: peer))
    case .contents:
      return json(
        try await service.contents(
          of: request.name, release: request.release, channel: request.channel, for: peer))
    case .list: return json(try await service.listRemotes(for: peer))
    case .remove:
      try await service.removeRemote(request.name, for: peer)
      return json(EmptyMessage())
    case .channel:
      return json(
        try await service.setChannel(
          request.channel, to: request.release, of: request.name, for: peer))
    case .switch:
      return json(
        try await service.switchChannel(
          request.channel, to: request.releases ?? [:], for: peer))
    case .rollback:
      guard let names = request.names else {
        return json(try await service.rollBack(request.name, for: peer))
      }
      return json(try await service.rollBack(names, for: peer))
    case .shares: return json(try await service.shares(of: request.key, for: peer))
    case .inspect: return json(try await service.inspect(request.urls ?? [], for: peer))
    }
  }

  private func admin(
    _ request: AdminMessage.Request, id: UInt64, deliver: @escaping Service.Delivery
  ) async throws(ServiceError) -> [UInt8] {
    func json(_ reply: some Encodable) -> [UInt8] {
      ReplyEncoding.json(reply, verb: .admin, id: id)
    }
    switch request.op {
    case .check, .scrub:
      return json(
        try await service.check(request, for: peer) { (progress) async throws(ServiceError) in
          let line: [UInt8]
          do { line = try ReplyEncoding.text(of: progress) } catch {
            throw ServiceError(.internal, "ADMIN's progress has no JSON: \(error)")
          }
          try await deliver(line)
        })
    case .collect: return json(try await service.collect(request, for: peer))
    case .evict: return json(try await service.evict(request, for: peer))
    case .purge: return json(try await service.purge(request, for: peer))
    case .list: return json(try await service.listBlobs(request, for: peer))
    case .why: return json(try await service.explain(request, for: peer))
    }
  }

  private func plan(
    _ request: PlanMessage.Request
  ) async throws(ServiceError) -> PreparedReply<Plan> {
    let telling: Service.PlanDetails = [
      request.imports == true ? .imports : [], request.differences == true ? .differences : [],
    ]
    return try await service.plan(
      request.requests, consumes: request.consumes ?? [], telling: telling,
      in: session(request.session, or: request.host), for: peer)
  }

  private func open(
    _ request: OpenMessage.Request
  ) async throws(ServiceError) -> PreparedReply<OpenMessage.Head> {
    let have = Set(request.have ?? [])
    let session = try session(request.session, or: request.host)
    if let container = request.container {
      return PreparedReply(
        try await service.openFiles(
          request.paths ?? [], of: container, have: have, in: session, for: peer))
    }
    return try await service.open(
      request.requests ?? [], consumes: request.consumes ?? [],
      phases: Set(request.include ?? [.required]), have: have, in: session, for: peer)
  }

  /// The session that a request names, or one for this request only.
  private func session(
    _ number: UInt32?, or host: HostFacts?
  ) throws(ServiceError) -> HostSession {
    if let number { return try sessions.session(number) }
    return HostSession(host: host ?? HostFacts(name: "", target: .asyncNode))
  }
}

extension ContentReply {
  fileprivate init(_ reply: OpenMessage.Request.Reply) {
    self =
      switch reply {
      case .bytes: .bytes
      case .places: .places
      case .descriptors: .descriptors
      }
  }
}
