import Foundation
import Glibc
import LarderCore

/// A program that was started and is killed, if need be, when nobody holds this any longer.
final class ChildProcess: Sendable {
  struct StartFailed: Error {
    let program: String
    let status: Int32
  }

  /// The folder of the programs under test: that of the test program itself.
  static let programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// Its number.
  let id: pid_t
  /// The number may name another process once this one was waited for.
  private let wasWaitedFor = Locked(false)

  /// - Parameters:
  ///   - output: becomes standard output; stays the caller's.
  ///   - errors: becomes standard error, likewise.
  init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    output: Int32, errors: Int32
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    var argv = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for text in argv { free(text) } }
    var inherited = ProcessInfo.processInfo.environment
      .filter { ["PATH", "HOME", "TMPDIR", "LANG"].contains($0.key) }
    inherited.merge(environment) { _, new in new }
    var envp = inherited.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in envp { free(text) } }
    var started: pid_t = 0
    let status = posix_spawn(&started, program, &actions, nil, &argv, &envp)
    guard status == 0 else { throw StartFailed(program: program, status: status) }
    id = started
  }

  deinit {
    kill()
    _ = wait()
  }

  func kill() { send(SIGKILL) }

  func send(_ signal: Int32) {
    wasWaitedFor.withLock { gone in
      // A process that has ended already needs no signal.
      if !gone { _ = Glibc.kill(id, signal) }
    }
  }

  /// Lets it stand still; returns when none of its threads runs any more.
  func pause() {
    send(SIGSTOP)
    var info = siginfo_t()
    while waitid(P_PID, id_t(id), &info, WSTOPPED | WNOWAIT) == -1, errno == EINTR {}
  }

  /// Blocks until it has ended; its exit status, or minus the signal that ended it.
  @discardableResult func wait() -> Int32 {
    var info = siginfo_t()
    // Looks without taking, so that a signal sent meanwhile can hit nobody else.
    while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    return wasWaitedFor.withLock { gone in
      var status: Int32 = 0
      guard !gone else { return 0 }
      gone = true
      while waitpid(id, &status, 0) == -1, errno == EINTR {}
      return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
    }
  }
}

/// What a program that ran to its end left.
struct Outcome: CustomStringConvertible {
  let status: Int32
  let output: [UInt8]
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var description: String { "status \(status)\n\(text)\n\(errors)" }

  /// Runs a program and waits for it.
  static func of(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Outcome {
    let output = try temporaryFile()
    defer { close(output) }
    let errors = try temporaryFile()
    defer { close(errors) }
    let child = try ChildProcess(
      program, arguments, environment: environment, output: output, errors: errors)
    let status = child.wait()
    return Outcome(
      status: status, output: contents(output),
      errors: String(decoding: contents(errors), as: UTF8.self))
  }

  /// Runs `larder` against a daemon's socket.
  static func larder(_ arguments: [String], socket: String) throws -> Outcome {
    try of(
      ChildProcess.programs.appending(path: "larder").path, arguments,
      environment: ["LARDER_SOCKET": socket])
  }

  /// The document that a command with `--json` wrote to `stream`.
  func json<Message: Decodable>(_ type: Message.Type = Message.self) throws -> Message {
    try JSONDecoder().decode(type, from: Data(output))
  }

  /// A file that is gone when it is closed.
  private static func temporaryFile() throws -> Int32 {
    var name = Array((NSTemporaryDirectory() + "/larder-XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    unlink(name)
    return descriptor
  }

  private static func contents(_ descriptor: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(0, count)))
  }
}
