import CPlatform
import Glibc

/// A thread that does one thing and ends.
package enum BackgroundThread {
  /// Runs `body` beside the caller; it carries `name` in a debugger and in `/proc` (15 bytes are
  /// kept). Nobody waits for its end unless `body` tells them.
  package static func start(name: String, _ body: @escaping @Sendable () -> Void) {
    final class Start: Sendable {
      let name: String
      let body: @Sendable () -> Void

      init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
      }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Start(name: name, body: body)).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        larder_name_thread(start.name)
        start.body()
        return nil
      }, context)
    precondition(status == 0, "cannot start a thread: errno \(status)")
    pthread_detach(thread)
  }
}
