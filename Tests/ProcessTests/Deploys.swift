import LarderCore

/// An origin's deploys: the same code, described anew each time.
final class Deploys: Sendable {
  private let files: [String: [UInt8]]
  private let number = Locked(0)
  private let hook = Locked<@Sendable () -> Void>({})

  init(files: [String: [UInt8]]) { self.files = files }

  func deploy(_ number: Int) { self.number.withLock { $0 = number } }

  /// Runs before each answer.
  func onRequest(_ body: @escaping @Sendable () -> Void) { hook.withLock { $0 = body } }

  func answer(to request: ScriptedOrigin.Request) -> ScriptedOrigin.Answer {
    hook.withLock { $0 }()
    guard var bytes = files[request.path] else { return .missing }
    let isDescription = request.path == "stats.json"
    // White space after the JSON: another blob, the same build.
    if isDescription { bytes += Array(repeating: 0x20, count: number.withLock { $0 }) }
    return .body(bytes, type: isDescription ? "application/json" : "text/javascript")
  }
}
