import CPlatform
import Foundation
import Glibc
import LarderCore

/// A plain HTTP/1.1 server whose answers a test decides, byte for byte; one request a connection.
final class ScriptedOrigin: Sendable {
  struct Request: Sendable {
    let path: String
    /// Names in lower case.
    let headers: [String: String]
  }

  struct Answer: Sendable {
    enum Step: Sendable {
      case bytes([UInt8])
      /// Goes on when the gate is open.
      case wait(Gate)
    }

    var status = 200
    var headers: [String: String] = [:]
    /// What Content-Length says; all bytes of the steps if nil.
    var announced: Int?
    var steps: [Step] = []

    /// A whole body at once.
    static func body(_ bytes: some Sequence<UInt8>, type: String = "text/javascript") -> Answer {
      Answer(headers: ["Content-Type": type], steps: [.bytes(Array(bytes))])
    }

    static let page = body("<!doctype html><title>Not here</title>".utf8, type: "text/html")
    static let missing = Answer(status: 404)
  }

  private struct State {
    var requests: [Request] = []
    var connections: Set<Int32> = []
    var hasStopped = false
  }

  let port: UInt16
  private let listener: Int32
  private let answer: @Sendable (Request) -> Answer
  private let state = Locked(State())

  /// Listens on a port of the kernel's choice.
  ///
  /// - Parameter answer: called on the connection's thread for each request.
  init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
    self.answer = answer
    listener = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 && listen(descriptor, 128) == 0
          && getsockname(descriptor, pointer, &length) == 0
      }
    }
    guard isBound else {
      close(listener)
      throw POSIXError(.EADDRINUSE)
    }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in accept() }
  }

  /// An origin that serves the files of a folder, read again for each request.
  static func files(of folder: URL) throws -> ScriptedOrigin {
    try ScriptedOrigin { answer(to: $0, from: folder) }
  }

  /// What a server of plain files answers.
  static func answer(to request: Request, from folder: URL) -> Answer {
    // An unreadable file is one that the server does not have.
    guard let bytes = try? Data(contentsOf: folder.appending(path: request.path)) else {
      return .missing
    }
    let isScript = request.path.hasSuffix(".js")
    return .body(bytes, type: isScript ? "text/javascript" : "application/json")
  }

  var url: String { "http://127.0.0.1:\(port)/" }

  /// All requests so far.
  var requests: [Request] { state.withLock(\.requests) }

  func count(_ path: String) -> Int { requests.count { $0.path == path } }

  /// Refuses connections from now on, and cuts those that are open.
  func stop() {
    state.withLock { state in
      guard !state.hasStopped else { return }
      state.hasStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
  }

  private func accept() {
    while true {
      var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      // After stop() the listener is readable for good, and has nobody to accept.
      guard poll(&waiting, 1, -1) >= 0 || errno == EINTR else { break }
      // Closed in programs that other threads start: they would keep the connection open.
      let connection = larder_accept(listener)
      guard connection >= 0 else {
        if state.withLock(\.hasStopped) { break }
        continue
      }
      _ = fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) & ~O_NONBLOCK)
      let isOpen = state.withLock { state in
        if !state.hasStopped { state.connections.insert(connection) }
        return !state.hasStopped
      }
      guard isOpen else {
        close(connection)
        continue
      }
      Thread.detachNewThread { [self] in
        serve(connection)
        state.withLock { _ = $0.connections.remove(connection) }
        close(connection)
      }
    }
    close(listener)
  }

  private func serve(_ connection: Int32) {
    guard let request = receive(connection) else { return }
    state.withLock { $0.requests.append(request) }
    let answer = answer(request)
    var size = 0
    for case .bytes(let bytes) in answer.steps { size += bytes.count }
    var head = "HTTP/1.1 \(answer.status) Scripted\r\nConnection: close\r\n"
    head += "Content-Length: \(answer.announced ?? size)\r\n"
    for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
    guard send(connection, Array((head + "\r\n").utf8)) else { return }
    for step in answer.steps {
      switch step {
      case .wait(let gate): gate.wait()
      case .bytes(let bytes): guard send(connection, bytes) else { return }
      }
    }
  }

  private func receive(_ connection: Int32) -> Request? {
    var text = ""
    var piece = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = read(connection, &piece, piece.count)
      guard count > 0 else { return nil }
      text += String(decoding: piece[..<count], as: UTF8.self)
    }
    let lines = text.components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { break }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return Request(path: String(words[1].dropFirst()), headers: headers)
  }

  private func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          connection, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
