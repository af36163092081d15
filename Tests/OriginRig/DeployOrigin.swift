import LarderCore

/// An origin whose files a test deploys, breaks and takes away.
package final class DeployOrigin: Sendable {
  package enum Mode: Sendable {
    case healthy
    /// Answers everything with 503.
    case down
    /// Answers everything with a page and status 200, as a server with a fallback route does.
    case html
  }

  private struct State {
    var mode = Mode.healthy
    var files: [String: [UInt8]] = [:]
    /// Paths that wait, half way through the body.
    var gates: [String: Gate] = [:]
    /// Runs when the path is asked for, before the answer is made.
    var hooks: [String: @Sendable () -> Void] = [:]
  }

  package let http: TestOrigin
  private let state: Locked<State>

  package init(_ deploy: Deploy? = nil, at folder: String = "/") async throws {
    let state = Locked(State())
    self.state = state
    http = try await TestOrigin { request, _ in
      let hook = state.withLock { $0.hooks.removeValue(forKey: request.path) }
      hook?()
      return state.withLock { Self.answer(request, $0) }
    }
    if let deploy { self.deploy(deploy, at: folder) }
  }

  /// The base URL.
  package var url: String { http.url("/") }

  /// How often each path was asked for.
  package var counts: [String: Int] {
    http.requests.reduce(into: [:]) { $0[$1.path, default: 0] += 1 }
  }

  /// Requests that were answered with a body.
  package var bodies: [String] {
    http.requests.filter { $0.headers["if-none-match"] == nil }.map(\.path)
  }

  /// Replaces everything below the folder.
  package func deploy(_ deploy: Deploy, at folder: String = "/") {
    state.withLock { state in
      state.files = state.files.filter { !$0.key.hasPrefix(folder) }
      for (path, bytes) in deploy.served { state.files[folder + path] = bytes }
    }
  }

  package func set(_ path: String, _ text: String?) {
    state.withLock { $0.files[path] = text.map { Array($0.utf8) } }
  }

  package func set(_ mode: Mode) { state.withLock { $0.mode = mode } }

  /// Makes the next answers for the path stop in the middle of the body until the gate opens.
  package func hold(_ path: String) -> Gate {
    let gate = Gate()
    state.withLock { $0.gates[path] = gate }
    return gate
  }

  /// Runs `body` when the path is asked for the next time, before its answer is made.
  package func whenAsked(for path: String, _ body: @escaping @Sendable () -> Void) {
    state.withLock { $0.hooks[path] = body }
  }

  /// Returns when the path has been asked for; for one caller at a time.
  package func asked(for path: String) async {
    for await event in http.events {
      if case .asked(path) = event { return }
    }
  }

  private static func answer(_ request: TestOrigin.Request, _ state: State) -> [TestOrigin.Step] {
    switch state.mode {
    case .down: return TestOrigin.answer("no", status: "503 Service Unavailable")
    case .html:
      return TestOrigin.answer("<!doctype html><p>hello", headers: ["Content-Type: text/html"])
    case .healthy: break
    }
    guard let bytes = state.files[request.path] else {
      return TestOrigin.answer("nothing here", status: "404 Not Found")
    }
    var hasher = Hasher()
    hasher.combine(bytes)
    let etag = "\"\(hasher.finalize())\""
    if request.headers["if-none-match"] == etag {
      return [.send("HTTP/1.1 304 Not Modified\r\nETag: \(etag)\r\n\r\n")]
    }
    let head = "HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\nETag: \(etag)\r\n\r\n"
    guard let gate = state.gates[request.path] else {
      return [.send(head), .sendBytes(bytes)]
    }
    let half = bytes.count / 2
    return [
      .send(head), .sendBytes(Array(bytes[..<half])), .wait(gate),
      .sendBytes(Array(bytes[half...])),
    ]
  }
}
