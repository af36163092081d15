import NIOCore
import NIOPosix

/// Holds back an answer until the test opens it.
package final class Gate: Sendable {
  private let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)

  package init() {}

  deinit { promise.succeed() }

  /// Lets through what waits, and what comes. May be called again.
  package func open() { promise.succeed() }

  /// Returns once it is open.
  package func wait() async {
    // It never fails.
    try? await promise.futureResult.get()
  }

  var opened: EventLoopFuture<Void> { promise.futureResult }
}
