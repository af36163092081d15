import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import OriginRig

/// A client of HTTP/2 under TLS that sends whatever frames it is told to.
struct SecureClient: Sendable {
  /// What came, or that nothing more will.
  enum Event: Sendable {
    case frame(HTTP2Frame)
    case closed
  }

  private let channel: any Channel
  let events: AsyncStream<Event>

  /// - Parameter window: bytes that each stream may be sent before it says that it has room.
  static func connect(
    to port: UInt16, trusting certificate: TestCertificate, window: Int = 65_535
  ) async throws -> SecureClient {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .file(certificate.file)
    configuration.applicationProtocols = ["h2"]
    let context = try NIOSSLContext(configuration: configuration)
    let (events, continuation) = AsyncStream.makeStream(of: Event.self)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(
            NIOSSLClientHandler(context: context, serverHostname: "localhost"))
          try pipeline.addHandler(
            NIOHTTP2Handler(
              mode: .client,
              initialSettings: [HTTP2Setting(parameter: .initialWindowSize, value: window)]))
          try pipeline.addHandler(FrameTap(continuation))
        }
      }
      .connect(host: "127.0.0.1", port: Int(port)).get()
    return SecureClient(channel: channel, events: events)
  }

  func send(_ frame: HTTP2Frame.FramePayload, on stream: Int) {
    channel.writeAndFlush(HTTP2Frame(streamID: HTTP2StreamID(stream), payload: frame), promise: nil)
  }

  /// - Parameter fields: behind the four that every request has.
  func request(
    _ path: String, _ method: String = "GET", _ fields: [(String, String)] = [],
    authority: String = "localhost", on stream: Int = 1, isWhole: Bool = true
  ) {
    var headers: HPACKHeaders = [
      ":method": method, ":scheme": "https", ":path": path, ":authority": authority,
    ]
    for (name, value) in fields { headers.add(name: name, value: value) }
    send(.headers(.init(headers: headers, endStream: isWhole)), on: stream)
  }

  func data(_ text: String, on stream: Int = 1) {
    send(.data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: true)), on: stream)
  }

  /// The status of the answer on a stream; 0 where the stream or the connection ends without one.
  func status(on stream: Int = 1) async -> Int {
    for await event in events {
      guard case .frame(let frame) = event else { return 0 }
      guard frame.streamID == HTTP2StreamID(stream) else { continue }
      if case .headers(let headers) = frame.payload {
        return headers.headers.first(name: ":status").flatMap { Int($0) } ?? 0
      }
      if case .rstStream = frame.payload { return 0 }
    }
    return 0
  }

  /// Returns when a stream, or the connection, was ended by the other side.
  func end(of stream: Int) async {
    for await event in events {
      guard case .frame(let frame) = event else { return }
      if frame.streamID == HTTP2StreamID(stream), case .rstStream = frame.payload { return }
    }
  }

  /// Returns when the other side has closed the connection.
  func end() async {
    for await case .closed in events { return }
  }

  func close() { channel.close(promise: nil) }
}

/// Hands on everything that comes.
private final class FrameTap: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame

  private let events: AsyncStream<SecureClient.Event>.Continuation

  init(_ events: AsyncStream<SecureClient.Event>.Continuation) { self.events = events }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    events.yield(.frame(unwrapInboundIn(data)))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelInactive(context: ChannelHandlerContext) {
    events.yield(.closed)
    events.finish()
  }
}

@available(*, unavailable)
extension FrameTap: Sendable {}
