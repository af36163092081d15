import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// HTTP/1.1 on one connection, with the gateway's rules in front of what reads requests.
struct GatewayChannel: HTTPChannelHandler {
  typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  let limits: GatewayLimits
  /// Whether it is below TLS.
  let isSecure: Bool
  let console: GatewayKey?
  let responder: HTTPChannelHandler.Responder
  /// Who answers at once, before the responder is asked; nil for nobody.
  var hosts: VirtualHosts?
  /// Sees what is refused before the responder does; nil where nobody counts.
  var watch: AnswerWatch?

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      var decoding = NIOHTTPDecoderLimitConfiguration()
      decoding.maxHeaderFieldSize = limits.headBytesMax
      decoding.maxHeaderListSize = limits.headBytesMax
      decoding.maxHeaderFieldCount = limits.fieldsMax
      if let watch, !isSecure { try pipeline.addHandler(ConnectionCount(watch.instruments)) }
      let connection = ConnectionGuard(
        limits, console: console, now: channel.eventLoop.now, watch: watch)
      let bytes = ByteWatch(telling: connection)
      try pipeline.addHandler(bytes)
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false,
        withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
        withDecoderLimitConfiguration: decoding)
      try pipeline.addHandler(connection)
      if let hosts { try pipeline.addHandler(PromptAnswers(hosts, on: connection, bytes)) }
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: isSecure))
      return try NIOAsyncChannel(
        wrappingChannelSynchronously: channel,
        configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  func handle(value: Value, logger: Logger) async {
    await handleHTTP(asyncChannel: value, logger: logger)
  }
}
