import Hummingbird
import NIOCore

/// What an answer has to know of the connection that it is for.
struct GatewayContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  private let loop: any EventLoop

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    loop = source.channel.eventLoop
  }

  /// Returns when the connection's loop has taken what was written before.
  ///
  /// Only then does the connection say whether it takes more: who goes on at once writes ahead for a
  /// peer that does not read, by all that is read from the store until the loop comes to it.
  func taken() async throws { try await loop.submit {}.get() }
}
