import NIOCore

/// Sees bytes before they are a request: when they come, and whether each request's first line is one.
/// Answers that are bytes already leave through it.
final class ByteWatch: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let connection: ConnectionGuard
  private var context: ChannelHandlerContext?
  private var line = RequestLine()
  private var isRefused = false

  init(telling connection: ConnectionGuard) { self.connection = connection }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  /// Writes bytes of an answer, past what encodes others; they leave with the next flush.
  func write(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>?) {
    guard let context else {
      promise?.fail(ChannelError.alreadyClosed)
      return
    }
    context.write(NIOAny(IOData.byteBuffer(bytes)), promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    connection.bytesCame()
    let buffer = unwrapInboundIn(data)
    guard let end = buffer.withUnsafeReadableBytes({ line.take($0) }) else {
      context.fireChannelRead(data)
      return
    }
    isRefused = true
    // Requests before one that is none are answered.
    if end > 0, let before = buffer.getSlice(at: buffer.readerIndex, length: end) {
      context.fireChannelRead(wrapInboundOut(before))
    }
    connection.refuseLine()
  }
}

@available(*, unavailable)
extension ByteWatch: Sendable {}
