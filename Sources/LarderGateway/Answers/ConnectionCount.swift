import NIOCore

/// Counts a connection for as long as it is open.
final class ConnectionCount: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let instruments: GatewayInstruments

  init(_ instruments: GatewayInstruments) { self.instruments = instruments }

  func handlerAdded(context: ChannelHandlerContext) { instruments.connectionBegan() }

  func handlerRemoved(context: ChannelHandlerContext) { instruments.connectionEnded() }
}

@available(*, unavailable)
extension ConnectionCount: Sendable {}
