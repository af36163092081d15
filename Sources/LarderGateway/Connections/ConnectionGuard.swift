import HTTPTypes
import LarderService
import NIOCore
import NIOHTTP1

/// Keeps one connection within its rules: refuses requests that nobody should have to read, gives one
/// answer to each request, and closes when the peer lets it wait.
///
/// After a refusal nothing that follows on the connection is looked at: where a request ends is then
/// a matter of opinion. Lives on its channel's loop.
final class ConnectionGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let rules: RequestRules
  private let watch: AnswerWatch?
  private var deadline: ConnectionDeadline
  private var alarm: (time: NIODeadline, task: Scheduled<Void>)?
  private var context: ChannelHandlerContext?
  /// Requests that were passed on and are not answered.
  private var unanswered = 0
  /// Whether no further request is taken; the connection ends when those are answered.
  private var isLast = false
  /// What is said then.
  private var refusal: (why: Refusal, isHead: Bool)?
  /// Whether the last answer was given.
  private var isEnding = false

  /// - Parameter console: what opens routes that may be asked for with POST.
  init(
    _ limits: GatewayLimits, console: GatewayKey? = nil, now: NIODeadline, watch: AnswerWatch? = nil
  ) {
    self.watch = watch
    rules = RequestRules(targetBytesMax: limits.targetBytesMax, console: console)
    deadline = ConnectionDeadline(limits, now: now)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    setAlarm(context)
  }

  func channelActive(context: ChannelHandlerContext) {
    setAlarm(context)
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    alarm?.task.cancel()
    self.context = nil
  }

  // MARK: - Requests

  /// Told by `ByteWatch`, which sees them before they are a request.
  func bytesCame() {
    guard let context, unanswered == 0, !isEnding else { return }
    deadline.bytesCame(at: context.eventLoop.now)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // Of what came nothing may be left to wait for: most requests come in one piece.
    setAlarm(context)
    context.fireChannelReadComplete()
  }

  /// Whether another request may follow the one that is being read.
  var isKept: Bool { !isLast && !isEnding }

  /// Told of a request that was answered without `write`.
  func answered(_ context: ChannelHandlerContext) {
    unanswered -= 1
    deadline.answered(at: context.eventLoop.now)
  }

  /// Told by `ByteWatch` of a request whose first line is none.
  func refuseLine() {
    guard let context else { return }
    refuse(
      Refusal(.badRequest, .badRequest, "this is no request line of HTTP/1.1"), isHead: false,
      context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isLast else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      if let objection = rules.objection(to: head) {
        refuse(objection, isHead: head.method == .HEAD, context)
        return
      }
      unanswered += 1
      deadline.requestBegan()
      // What comes behind an upgrade or a "close" is no request of this connection.
      isLast =
        !head.isKeepAlive || head.version == .http1_0 || head.headers.contains(name: "upgrade")
      context.fireChannelRead(data)
      if isLast { context.fireChannelRead(wrapInboundOut(.end(nil))) }
    case .body:
      refuse(
        Refusal(.badRequest, .badRequest, "a request here has no body"), isHead: false, context)
    case .end:
      context.fireChannelRead(data)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The peer went: nothing was asked, and nobody is there to be told.
    guard !(error is IOError) else {
      context.close(promise: nil)
      return
    }
    let isTooLarge = (error as? HTTPParserError) == .headerOverflow
    refuse(
      isTooLarge
        ? Refusal(
          .requestHeaderFieldsTooLarge, .tooLarge, "the request's head is too large",
          remedy: "send fewer and shorter fields")
        : Refusal(.badRequest, .badRequest, "this is no request of HTTP/1.1: \(error)"),
      isHead: false, context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      isLast = true
      if unanswered == 0 { end(context) }
    case ChannelEvent.inputClosed:
      isLast = true
      if isEnding {
        context.close(promise: nil)
      } else if unanswered == 0 {
        end(context)
      }
      context.fireUserInboundEventTriggered(event)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  // MARK: - Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isEnding else {
      promise?.fail(ChannelError.outputClosed)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if isLast, unanswered == 1, refusal == nil {
        head.headers.replaceOrAdd(name: "connection", value: "close")
      }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      unanswered -= 1
      guard unanswered == 0 else {
        context.write(data, promise: promise)
        return
      }
      deadline.answered(at: context.eventLoop.now)
      setAlarm(context)
      context.write(data, promise: promise)
      if isLast { end(context) }
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    deadline.writabilityChanged(to: context.channel.isWritable, at: context.eventLoop.now)
    setAlarm(context)
    context.fireChannelWritabilityChanged()
  }

  // MARK: - The end

  private func refuse(_ why: Refusal, isHead: Bool, _ context: ChannelHandlerContext) {
    guard !isLast else { return }
    isLast = true
    refusal = (why, isHead)
    watch?.refused(why.status)
    if unanswered == 0 { end(context) }
  }

  /// Says why, if there is a reason, and closes once the peer had time to take it.
  private func end(_ context: ChannelHandlerContext) {
    guard !isEnding else { return }
    isEnding = true
    if let refusal {
      for part in Self.answer(refusal.why, isHead: refusal.isHead) {
        context.write(wrapOutboundOut(part), promise: nil)
      }
    }
    context.flush()
    deadline.ended(at: context.eventLoop.now)
    setAlarm(context)
    // Behind everything that is still to be written.
    context.close(mode: .output, promise: nil)
  }

  private static func answer(_ refusal: Refusal, isHead: Bool) -> [HTTPServerResponsePart] {
    let (fields, body) = refusal.bareAnswer
    var headers = HTTPHeaders([("connection", "close")])
    for field in fields { headers.add(name: field.name.rawName, value: field.value) }
    let status = HTTPResponseStatus(
      statusCode: refusal.status.code, reasonPhrase: refusal.status.reasonPhrase)
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    return isHead
      ? [.head(head), .end(nil)]
      : [.head(head), .body(.byteBuffer(ByteBuffer(bytes: body))), .end(nil)]
  }

  // MARK: - Time

  /// Sees to it that an alarm comes at the deadline, or before: one that comes early looks again.
  /// Deadlines move with every request, and a timer for each would cost as much as its answer.
  private func setAlarm(_ context: ChannelHandlerContext) {
    guard context.channel.isActive, let time = deadline.deadline else { return }
    if let alarm, alarm.time <= time { return }
    alarm?.task.cancel()
    let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { [weak self] in
      guard let self, let context = self.context else { return }
      alarm = nil
      guard let time = deadline.deadline, time <= context.eventLoop.now else {
        setAlarm(context)
        return
      }
      if !isEnding { watch?.expired() }
      context.close(promise: nil)
    }
    alarm = (time, task)
  }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
