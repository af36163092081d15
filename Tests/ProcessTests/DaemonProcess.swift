import Foundation
import Glibc
import LarderClient
import LarderCore
import LarderPlatform

/// A `larderd` of its own process that listens, until it is killed or told to end.
final class DaemonProcess: Sendable {
  /// The daemon ended before it listened.
  struct Ended: Error, CustomStringConvertible {
    let status: Int32
    let log: String
    var description: String { "larderd ended with \(status):\n\(log)" }
  }

  /// Held, so that it is not removed under the daemon.
  private let folder: Scratch
  private let process: ChildProcess
  private let log: LogReader
  private let sockets: [String: String]

  private init(
    in folder: Scratch, store: String?, socket: String?, realms: [String], quota: Int,
    options: [String], environment: [String: String]
  ) throws {
    var sockets = ["default": socket ?? folder.path("run/default")]
    for realm in realms { sockets[realm] = folder.path("run/\(realm)") }
    self.sockets = sockets
    self.folder = folder
    // A pair of sockets: a pipe would be inherited by what other threads start meanwhile.
    let (reading, writing) = try SocketDescriptor.pair()
    log = LogReader(reading)
    log.start()
    // The log ends with the daemon only if this side of it is closed here.
    defer { close(writing) }
    let arguments =
      [
        "--store", store ?? folder.path("store"), "--socket", sockets["default"] ?? "",
        "--admin-socket", (sockets["default"] ?? "") + ".admin", "--quota", "\(quota)",
      ] + options + realms.flatMap { ["--realm", "\($0)=\(folder.path("run/\($0)"))"] }
    process = try ChildProcess(
      ChildProcess.programs.appending(path: "larderd").path, arguments,
      environment: environment, output: writing, errors: writing)
  }

  /// Starts a daemon and returns once it listens on all of its sockets.
  ///
  /// - Parameters:
  ///   - store: the store's folder; `folder`'s `store` if nil.
  ///   - socket: of realm `default`; the administrator's is beside it.
  ///   - options: further ones.
  /// - Throws: `Ended`.
  static func start(
    in folder: Scratch, store: String? = nil, socket: String? = nil, realms: [String] = [],
    quota: Int = 2, options: [String] = [], environment: [String: String] = [:]
  ) throws -> DaemonProcess {
    let daemon = try DaemonProcess(
      in: folder, store: store, socket: socket, realms: realms, quota: quota,
      options: options, environment: environment)
    guard daemon.log.wait(untilListening: daemon.sockets.count) else {
      throw Ended(status: daemon.process.wait(), log: daemon.log.text)
    }
    return daemon
  }

  /// Its number, as long as it was not waited for.
  var id: pid_t { process.id }

  var socket: String { socket(of: "default") }

  func socket(of realm: String) -> String { sockets[realm] ?? "" }

  /// What it has logged so far.
  var logged: String { log.text }

  /// Ends it with SIGKILL; returns when it is gone, with its locks.
  func kill() {
    process.kill()
    process.wait()
  }

  /// SIGKILL, without waiting for its end.
  func strike() { process.kill() }

  /// Lets it stand still until `resume`.
  func pause() { process.pause() }

  func resume() { process.send(SIGCONT) }

  /// Ends it with SIGTERM; its exit status.
  func end() -> Int32 {
    process.send(SIGTERM)
    return process.wait()
  }

  /// Sends SIGTERM, without waiting for its end.
  func terminate() { process.send(SIGTERM) }

  /// Waits for its end; its exit status.
  func wait() -> Int32 { process.wait() }

  /// A client that gives up after 30 s: a daemon that hangs fails a test and does not hang it.
  func connect(to realm: String = "default") throws -> BlockingClient {
    try BlockingClient(
      path: socket(of: realm), options: .init(name: "process-test", replyTimeout: .seconds(30)))
  }

  func larder(_ arguments: String..., realm: String = "default") throws -> Outcome {
    try Outcome.larder(arguments, socket: socket(of: realm))
  }
}

/// Takes the log of a daemon from a pipe until its end.
private final class LogReader: Sendable {
  private struct State {
    var text = ""
    var hasEnded = false
  }

  private let descriptor: Int32
  private let state = Locked(State())
  private let changed = DispatchSemaphore(value: 0)

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  func start() {
    Thread.detachNewThread { [self] in
      var piece = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(descriptor, &piece, piece.count)
        if count < 0, errno == EINTR { continue }
        state.withLock { state in
          if count > 0 { state.text += String(decoding: piece[..<count], as: UTF8.self) }
          state.hasEnded = count <= 0
        }
        changed.signal()
        if count <= 0 { break }
      }
      close(descriptor)
    }
  }

  var text: String { state.withLock(\.text) }

  /// Blocks until so many sockets are said to listen; false if the log ended before.
  func wait(untilListening count: Int) -> Bool {
    while true {
      let (found, hasEnded) = state.withLock { state in
        (state.text.split(separator: "\n").count { $0.hasSuffix("listening") }, state.hasEnded)
      }
      if found >= count { return true }
      if hasEnded { return false }
      changed.wait()
    }
  }
}
