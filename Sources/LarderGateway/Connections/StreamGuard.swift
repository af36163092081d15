import HTTPTypes
import LarderService
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// What `ConnectionGuard` is to a connection of HTTP/1.1, to a stream of HTTP/2: holds its request to
/// the same rules, and its peer to the same times.
///
/// A stream has one request, so it ends with the first answer or refusal; the connection goes on.
/// Frames, their rates and what is a header block are NIO's to judge.
final class StreamGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: GatewayLimits
  private let rules: RequestRules
  private let streams: OpenStreams
  private let watch: AnswerWatch
  private var isCounted = false
  private var isRefused = false
  private var requestAlarm: Scheduled<Void>?
  private var writeAlarm: Scheduled<Void>?

  /// - Parameter console: what opens routes that may be asked for with POST.
  init(
    _ limits: GatewayLimits, console: GatewayKey?, among streams: OpenStreams, watch: AnswerWatch
  ) {
    self.watch = watch
    self.limits = limits
    self.streams = streams
    rules = RequestRules(targetBytesMax: limits.targetBytesMax, console: console)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    requestAlarm = alarm(after: limits.headTimeout, context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    requestAlarm?.cancel()
    writeAlarm?.cancel()
    if isCounted { streams.end() }
    isCounted = false
  }

  // MARK: - The request

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    switch unwrapInboundIn(data) {
    case .head(let request):
      guard let head = HTTPRequestHead(request) else {
        refuse(
          Refusal(.badRequest, .badRequest, "the request has no method, path or authority"),
          isHead: false, context)
        return
      }
      let isHead = request.method == .head
      if let objection = rules.objection(to: head) {
        refuse(objection, isHead: isHead, context)
      } else if head.headers.count > limits.fieldsMax {
        refuse(
          Refusal(
            .requestHeaderFieldsTooLarge, .tooLarge, "the request's head is too large",
            remedy: "send fewer and shorter fields"), isHead: isHead, context)
      } else if streams.begin() {
        isCounted = true
        context.fireChannelRead(data)
      } else {
        refuse(
          Refusal(.serviceUnavailable, .busy, "too many requests at once", remedy: "try again"),
          isHead: isHead, context)
      }
    case .body:
      refuse(
        Refusal(.contentTooLarge, .badRequest, "a request here has no body", remedy: "send none"),
        isHead: false, context)
    case .end:
      requestAlarm?.cancel()
      context.fireChannelRead(data)
    }
  }

  /// Says why, and ends the stream.
  private func refuse(_ why: Refusal, isHead: Bool, _ context: ChannelHandlerContext) {
    isRefused = true
    watch.refused(why.status)
    let (fields, body) = why.bareAnswer
    let head = HTTPResponse(status: why.status, headerFields: fields)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !isHead {
      context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)))
      .assumeIsolated().whenComplete { _ in context.close(promise: nil) }
  }

  // MARK: - Time

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    writeAlarm?.cancel()
    writeAlarm = context.channel.isWritable ? nil : alarm(after: limits.writeTimeout, context)
    context.fireChannelWritabilityChanged()
  }

  private func alarm(
    after time: TimeAmount, _ context: ChannelHandlerContext
  ) -> Scheduled<Void> {
    context.eventLoop.assumeIsolated().scheduleTask(in: time) { [watch] in
      watch.expired()
      context.close(promise: nil)
    }
  }
}

@available(*, unavailable)
extension StreamGuard: Sendable {}

extension HTTPRequestHead {
  /// The same request as HTTP/1.1 would have put it; nil for one that it cannot put.
  fileprivate init?(_ request: HTTPRequest) {
    guard let path = request.path, let authority = request.authority else { return nil }
    var headers = HTTPHeaders()
    headers.reserveCapacity(request.headerFields.count + 1)
    headers.add(name: "host", value: authority)
    for field in request.headerFields {
      headers.add(name: field.name.rawName, value: field.value)
    }
    self.init(
      version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: path,
      headers: headers)
  }
}
