import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOHTTPTypes
import NIOSSL
import NIOTLS

/// One connection under TLS, which speaks HTTP/2 or HTTP/1.1 as the two sides agree (ALPN).
struct SecureChannel: HTTPChannelHandler {
  /// What the two sides agreed on.
  enum Agreement: Sendable {
    case http1(GatewayChannel.Value)
    case http2(HTTP2Channel.Value)
  }

  struct Value: ServerChildChannelValue {
    let agreed: EventLoopFuture<Agreement>
    let channel: any Channel
  }

  let responder: HTTPChannelHandler.Responder
  private let handshakeTimeout: TimeAmount
  private let context: NIOSSLContext
  private let watch: AnswerWatch
  private let http1: GatewayChannel
  private let http2: HTTP2Channel

  /// - Throws: what the library says about the certificate.
  init(
    _ certificate: GatewayCertificate, limits: GatewayLimits, console: GatewayKey?,
    among streams: OpenStreams, answering hosts: VirtualHosts, watch: AnswerWatch,
    responder: @escaping HTTPChannelHandler.Responder
  ) throws {
    self.responder = responder
    self.watch = watch
    handshakeTimeout = limits.headTimeout
    context = try certificate.context()
    http1 = GatewayChannel(
      limits: limits, isSecure: true, console: console, responder: responder, hosts: hosts,
      watch: watch)
    http2 = HTTP2Channel(
      responder: responder,
      configuration: HTTP2ChannelConfiguration(
        idleTimeout: .nanoseconds(limits.idleTimeout.nanoseconds),
        gracefulCloseTimeout: .nanoseconds(limits.lingerTimeout.nanoseconds),
        maxAgeTimeout: .nanoseconds(limits.ageMax.nanoseconds),
        streamConfiguration: HTTP1Channel.Configuration(
          additionalChannelHandlers: [
            StreamGuard(limits, console: console, among: streams, watch: watch)
          ])))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(ConnectionCount(watch.instruments))
      try pipeline.addHandler(NIOSSLServerHandler(context: context))
      try pipeline.addHandler(HandshakeDeadline(handshakeTimeout))
      let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Agreement> { result in
        if case .negotiated("h2") = result {
          http2.setup(channel: channel, logger: logger).map { .http2($0) }
        } else {
          http1.setup(channel: channel, logger: logger).map { .http1($0) }
        }
      }
      try pipeline.addHandler(negotiation)
      return Value(agreed: negotiation.protocolNegotiationResult, channel: channel)
    }
  }

  func handle(value: Value, logger: Logger) async {
    do {
      switch try await value.agreed.get() {
      case .http1(let connection): await http1.handle(value: connection, logger: logger)
      case .http2(let connection): await http2.handle(value: connection, logger: logger)
      }
    } catch {
      // The peer went, or speaks no TLS: nobody is there to be told.
      logger.trace("no handshake", metadata: ["reason": "\(error)"])
    }
  }
}
