import LarderCore
import LarderMessages
import LarderPlatform
import LarderService
import LarderStore
import LarderWire

extension Connection {
  /// Starts what a frame asks for; `body` is lent for the time of the call.
  func handle(_ frame: RequestFrame, _ body: UnsafeRawBufferPointer) {
    if frame.isFirst { context.counters.countRequest(frame.verb) }
    do throws(WireError) {
      switch frame.verb {
      case .hello: try hello(frame.id, body)
      case .ping: try ping(frame.id, body)
      case .has: try has(frame.id, body)
      case .get: try get(frame.id, body)
      case .drop: try drop(frame.id, body)
      case .put: try put(frame, body)
      case .stats:
        guard body.isEmpty else { throw WireError(.badRequest, "STATS has an empty body") }
        start(.stats, id: frame.id, body: [])
      case .ensure, .publish, .remote, .`init`, .override, .plan, .report, .open, .lease, .release,
        .pin, .unpin, .watch, .keyed, .admin:
        start(frame.verb, id: frame.id, body: Array(body))
      }
    } catch {
      refuse(ErrorMessage(error), verb: frame.verb, id: frame.id)
    }
  }

  private func hello(_ id: UInt64, _ body: UnsafeRawBufferPointer) throws(WireError) {
    let request: HelloMessage.Request
    do {
      request = try RequestDecoding.json(HelloMessage.Request.self, from: body, verb: .hello)
    } catch {
      // Without a version nothing that follows can be understood.
      return close(WireError(.badRequest, error.message), kind: Verb.hello.rawValue, id: id)
    }
    let versions = request.protocol
    guard versions.count == 2, versions[0] <= versions[1] else {
      let reason = "'protocol' is the lowest and the highest version, as [1, 1]"
      return close(WireError(.badRequest, reason), kind: Verb.hello.rawValue, id: id)
    }
    guard let version = ProtocolVersion.negotiate(versions[0]...versions[1]) else {
      let reason =
        "the client speaks versions \(versions[0]) to \(versions[1]), the daemon speaks "
        + "\(ProtocolVersion.current)"
      return close(
        WireError(.unsupportedProtocol, reason), kind: Verb.hello.rawValue, id: id)
    }
    let reply = HelloMessage.Reply(
      protocol: version, server: context.server, realm: peer.name,
      capabilities: context.service.sharesSlabs ? ["bytes", "places", "descriptors"] : ["bytes"],
      limits: HelloMessage.Limits(
        frameBodyMax: WireLimits.frameBodyMax, requestsInFlightMax: WireLimits.requestsInFlightMax,
        digestsMax: WireLimits.digestsMax, blobSizeMax: WireLimits.blobSizeMax,
        sessionsMax: WireLimits.sessionsMax, slabsMax: WireLimits.slabsMax,
        descriptorsPerFrameMax: WireLimits.descriptorsPerFrameMax))
    answer(id, ReplyEncoding.json(reply, verb: .hello, id: id))
  }

  private func ping(_ id: UInt64, _ body: UnsafeRawBufferPointer) throws(WireError) {
    guard body.count <= WireLimits.pingBodyMax else {
      throw WireError(
        .badRequest, "PING carries at most \(WireLimits.pingBodyMax) bytes, not \(body.count)")
    }
    var frame: [UInt8] = []
    frame.appendFrame(.ping, .reply, id: id, body: body)
    answer(id, frame)
  }

  private func has(_ id: UInt64, _ body: UnsafeRawBufferPointer) throws(WireError) {
    let digests = try HasBody.decode(body)
    let present = digests.map { digest -> UInt8 in
      context.service.stat(digest, for: peer) == nil ? 0 : 1
    }
    var frame: [UInt8] = []
    frame.appendFrame(.has, .reply, id: id, body: present)
    answer(id, frame)
  }

  private func get(_ id: UInt64, _ body: UnsafeRawBufferPointer) throws(WireError) {
    let request = try GetRequest(reading: body)
    if !answerFromMemory(request, id) {
      reads.append(ReadCursor(id: id, body: GetBody(request)))
    }
  }

  /// Gives slabs back. What the client was told before the answer may name them, and a batch that
  /// is under way may: so the answer comes behind it.
  private func drop(_ id: UInt64, _ body: UnsafeRawBufferPointer) throws(WireError) {
    drops.append((id, try DropBody.decode(body)))
    if !isReading { endDrops() }
  }

  private func endDrops() {
    for (id, ids) in drops {
      slabs.drop(ids)
      var frame: [UInt8] = []
      frame.appendFrame(.drop, .reply, id: id, body: [])
      answer(id, frame)
    }
    drops = []
  }

  private func put(_ frame: RequestFrame, _ body: UnsafeRawBufferPointer) throws(WireError) {
    var content = body
    if frame.isFirst {
      let head = try PutHead(decoding: body)
      content = UnsafeRawBufferPointer(rebasing: body[PutHead.byteCount...])
      puts[frame.id] = PutTransfer(
        id: frame.id, connection: number, head: head, peer: peer, service: context.service,
        mailbox: context.mailbox, counters: context.counters)
    }
    guard let put = puts[frame.id] else {
      preconditionFailure("a frame of PUT \(frame.id), which was answered, is not discarded")
    }
    if put.add(Array(content), isLast: frame.isLast),
      !context.workers.submit({ put.run() })
    {
      puts[frame.id] = nil
      refuse(ErrorMessage(Connection.busy), verb: .put, id: frame.id)
    }
  }

  /// Content of PUTs that waits for the disk.
  var queuedPutBytes: Int {
    puts.isEmpty ? 0 : puts.values.reduce(0) { $0 + $1.queuedBytes }
  }

  /// Starts the next batch of reads, if none is under way and there is room for what it brings.
  func startReads() {
    guard !isReading, !reads.isEmpty, !isDone, !isFull else { return }
    readFromMemory()
    guard !reads.isEmpty, !isFull else { return }
    let batch = ReadBatch(reads, service: context.service, peer: peer, slabs: slabs)
    let number = number
    let mailbox = context.mailbox
    isReading = context.workers.submit {
      var batch = batch
      batch.run()
      mailbox.post(.read(connection: number, batch: batch))
    }
    if isReading {
      reads = []
    } else {
      for cursor in reads {
        refuse(ErrorMessage(Connection.busy), verb: cursor.verb, id: cursor.id)
      }
      reads = []
    }
  }

  /// Takes what a worker read.
  func take(_ batch: ReadBatch) {
    isReading = false
    for error in batch.errors { context.counters.countError(error.code, of: error.verb) }
    guard !isClosing else { return }
    for block in batch.blocks { output.append(block) }
    for id in batch.answered { state.answered(id) }
    endDrops()
    reads = batch.cursors + reads + batch.begun
    for (cursor, digest) in batch.halted { restore(digest, for: cursor) }
  }

  /// Takes the end of a PUT.
  func endPut(_ id: UInt64, _ frame: [UInt8]) {
    guard puts.removeValue(forKey: id) != nil else { return }
    answer(id, frame)
  }

  private static let busy = ServiceError(
    .busy, "too many requests wait for the disk", remedy: "ask again in a moment")
}
