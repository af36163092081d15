import NIOCore

/// Sees bytes before they are a request: when they come, and whether each request's first line is one.
final class ByteWatch: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let connection: ConnectionGuard
  private var line = RequestLine()
  private var isRefused = false

  init(telling connection: ConnectionGuard) { self.connection = connection }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    connection.bytesCame()
    let buffer = unwrapInboundIn(data)
    let bytes = buffer.readableBytesView
    // Requests before one that is none are answered.
    var begin = bytes.startIndex
    for place in bytes.indices {
      if line.isAtStart { begin = place }
      guard line.take(bytes[place]) else {
        isRefused = true
        if begin > bytes.startIndex {
          context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes[..<begin])))
        }
        connection.refuseLine()
        return
      }
    }
    context.fireChannelRead(data)
  }
}

@available(*, unavailable)
extension ByteWatch: Sendable {}
