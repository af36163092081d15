import LarderCore
import NIOCore
import NIOPosix
package import NIOSSL

/// An HTTP server on loopback that answers with exactly the bytes that the test says, and remembers
/// what it was asked.
package final class TestOrigin: Sendable {
  /// The head of a request.
  package struct Request: Sendable {
    /// With its query, as it was sent.
    package let path: String
    /// By lower-case name.
    package let headers: [String: String]
  }

  /// What to do on a connection.
  package enum Step: Sendable {
    case send(String)
    case sendBytes([UInt8])
    /// Does nothing until the gate opens.
    case wait(Gate)
    /// Ends the connection.
    case close
  }

  /// What happened on the server's side, in order.
  package enum Event: Sendable { case asked(String), closed }

  /// Whether the bytes of a `sendBytes` have all left for the net.
  package var hasSentBytes: Bool { sent.withLock { $0 } }

  /// Where it listens.
  package let port: Int
  /// For one reader.
  package let events: AsyncStream<Event>
  private let channel: any Channel
  private let seen: Locked<[Request]>
  private let sent: Locked<Bool>
  private let scheme: String

  /// - Parameter script: what to do on each request, by its number from 1. After the last step the
  ///   connection stays.
  package init(
    tls: NIOSSLContext? = nil, _ script: @escaping @Sendable (Request, Int) -> [Step]
  ) async throws {
    let (events, continuation) = AsyncStream<Event>.makeStream()
    let seen = Locked<[Request]>([])
    let sent = Locked(false)
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
          }
          try channel.pipeline.syncOperations.addHandler(
            Handler { request in
              let number = seen.withLock { seen in
                seen.append(request)
                return seen.count
              }
              continuation.yield(.asked(request.path))
              return script(request, number)
            } closed: {
              continuation.yield(.closed)
            } sent: {
              sent.withLock { $0 = true }
            })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
    self.events = events
    self.seen = seen
    self.sent = sent
    scheme = tls == nil ? "http" : "https"
  }

  deinit { channel.close(promise: nil) }

  /// What was asked up to now, in order.
  package var requests: [Request] { seen.withLock { $0 } }

  /// An absolute URL below it.
  package func url(_ path: String, host: String = "127.0.0.1") -> String {
    "\(scheme)://\(host):\(port)\(path)"
  }

  /// Stops listening; returns when nobody can connect any longer. Connections stay.
  package func stop() async throws { try await channel.close().get() }

  /// A complete answer.
  package static func answer(
    _ body: String, status: String = "200 OK", headers: [String] = []
  ) -> [Step] {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
    return [.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)]
  }

  /// A redirect.
  package static func redirect(_ location: String, status: String = "302 Found") -> [Step] {
    answer("moved", status: status, headers: ["Location: \(location)"])
  }
}

extension TestOrigin {
  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: (Request) -> [Step]
    private let closed: () -> Void
    private let sent: @Sendable () -> Void
    private var text = ""

    init(
      _ answer: @escaping (Request) -> [Step], closed: @escaping () -> Void,
      sent: @escaping @Sendable () -> Void
    ) {
      self.sent = sent
      self.answer = answer
      self.closed = closed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      text += String(buffer: unwrapInboundIn(data))
      while let end = text.firstRange(of: "\r\n\r\n") {
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        text.removeSubrange(..<end.upperBound)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
          let parts = line.split(separator: ":", maxSplits: 1)
          headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
        }
        let path = lines[0].split(separator: " ")[1]
        run(answer(Request(path: String(path), headers: headers))[...], context)
      }
    }

    private func run(_ steps: ArraySlice<Step>, _ context: ChannelHandlerContext) {
      var rest = steps
      while let step = rest.popFirst() {
        switch step {
        case .send(let text):
          context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .sendBytes(let bytes):
          context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)))
            .whenSuccess { [sent] in sent() }
        case .close: context.close(promise: nil)
        case .wait(let gate):
          let bound = NIOLoopBound((self, context, rest), eventLoop: context.eventLoop)
          gate.opened.hop(to: context.eventLoop).whenSuccess {
            let (handler, context, rest) = bound.value
            handler.run(rest, context)
          }
          return
        }
      }
    }

    func channelInactive(context: ChannelHandlerContext) { closed() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
