import NIOCore
import NIOHTTP1

/// Answers one connection's requests on its loop where the desk can, and passes on the others.
///
/// Answers stay in order, and no more than one waits for its peer to read: while something was passed
/// on, or the connection takes no more, everything is passed on; so is a connection's last request.
/// Lives on its channel's loop.
final class PromptAnswers: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// What waits for more to leave with: as much as a connection takes before it says that it is full.
  static let unsentBytesMax = 64 << 10

  private let hosts: VirtualHosts
  private let clock = ContinuousClock()
  /// Who asked last, and where. A connection is mostly one page's.
  private var last: (desk: PromptDesk, admitted: PromptDesk.Admitted?)?
  /// Requests that were passed on and are not answered.
  private var passedOn = 0
  /// Whether the rest of the request belongs to one that was answered here.
  private var isAnswered = false
  /// Of answers that have not left yet.
  private var unsentBytes = 0
  /// Answers of ours that are not written yet.
  private var unwritten = 0
  /// Whether the peer has ended, and those behind are not told.
  private var holdsEnd = false

  private let connection: ConnectionGuard
  private let bytes: ByteWatch

  init(_ hosts: VirtualHosts, on connection: ConnectionGuard, _ bytes: ByteWatch) {
    self.hosts = hosts
    self.connection = connection
    self.bytes = bytes
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      isAnswered = answer(head, context)
      guard !isAnswered else { return }
      passedOn += 1
      context.fireChannelRead(data)
    case .body, .end:
      if !isAnswered { context.fireChannelRead(data) }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    send(context)
    context.fireChannelReadComplete()
  }

  private func send(_ context: ChannelHandlerContext) {
    guard unsentBytes > 0 else { return }
    unsentBytes = 0
    context.flush()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { passedOn -= 1 }
    context.write(data, promise: promise)
  }

  /// Those behind close the connection when the peer has ended and they owe it nothing: not before
  /// what is owed from here is written.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if unwritten > 0, let event = event as? ChannelEvent, event == .inputClosed {
      holdsEnd = true
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  /// - Returns: false for a request that has to be passed on.
  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) -> Bool {
    guard passedOn == 0, connection.isKept, context.channel.isWritable else { return false }
    let start = clock.now
    guard let request = PromptRequest(head) else { return false }
    guard let (desk, admitted) = desk(for: request.caller), let file = desk.file(request.key)
    else { return false }
    let begin = clock.now - start
    let head = desk.head(file, for: admitted.origin, after: begin)
    bytes.write(head, promise: nil)
    let written = context.eventLoop.makePromise(of: Void.self)
    unwritten += 1
    bytes.write(file.body, promise: written)
    connection.answered(context)
    unsentBytes += head.readableBytes + file.body.readableBytes
    // Small answers to requests that came together leave together. Below TLS, only what has left
    // counts as something that the peer does not read.
    if unsentBytes >= Self.unsentBytesMax { send(context) }
    let (watch, traces) = (desk.watch, request.traces)
    written.futureResult.assumeIsolated().whenComplete { result in
      watch.note(file.answer, since: start, begin: begin, traces: traces, result)
      self.answered(context)
    }
    return true
  }

  /// Nil for who is refused: they are told why on the long way.
  private func desk(
    for caller: PromptRequest.Caller
  ) -> (PromptDesk, PromptDesk.Admitted)? {
    if let last, let admitted = last.admitted, admitted.caller == caller {
      return (last.desk, admitted)
    }
    let desk = hosts.host(for: caller.authority).desk
    let admitted = desk.admit(caller)
    last = (desk, admitted)
    return admitted.map { (desk, $0) }
  }

  private func answered(_ context: ChannelHandlerContext) {
    unwritten -= 1
    guard unwritten == 0, holdsEnd else { return }
    holdsEnd = false
    context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
  }
}

@available(*, unavailable)
extension PromptAnswers: Sendable {}
