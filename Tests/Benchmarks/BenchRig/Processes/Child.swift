import Foundation
package import Glibc

/// A process that is timed: its wall time from before its start, its CPU time from the kernel.
package final class Child {
  package struct Failed: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  private let id: pid_t
  private let output: Int32
  private let errors: String
  private let name: String
  private let start: ContinuousClock.Instant

  /// Starts a program of `PATH` or at a path. Its output is read by `line` and `end`.
  package init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws {
    name = ([program] + arguments).joined(separator: " ")
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failed(description: "no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    output = ends[0]
    defer { close(ends[1]) }
    errors = NSTemporaryDirectory() + "/bench-\(getpid())-\(ends[0]).errors"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var argv = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for text in argv { free(text) } }
    let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    var envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in envp { free(text) } }
    var id: pid_t = 0
    start = .now
    let status = posix_spawnp(&id, program, &actions, nil, &argv, &envp)
    guard status == 0 else { throw Failed(description: "cannot start \(program): errno \(status)") }
    self.id = id
  }

  deinit {
    close(output)
    unlink(errors)
  }

  /// Runs a program to its end; it must succeed.
  @discardableResult
  package static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (output: [UInt8], cost: Cost) {
    try Child(program, arguments, environment: environment).end()
  }

  /// This program, once more.
  package static var itself: String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
  }

  package var processID: pid_t { id }

  /// Waits until it has written a line; throws where it ends without.
  package func line() throws {
    var byte: UInt8 = 0
    while read(output, &byte, 1) == 1 { if byte == UInt8(ascii: "\n") { return } }
    _ = try end()
    throw Failed(description: "\(name) ended without a word")
  }

  /// Asks it to end (SIGTERM), or ends it by another signal, and waits until it is gone.
  package func kill(_ signal: Int32 = SIGTERM) {
    _ = Glibc.kill(id, signal)
    var status: Int32 = 0
    while waitpid(id, &status, 0) == -1, errno == EINTR {}
  }

  /// Reads what it writes until it ends.
  package func end() throws -> (output: [UInt8], cost: Cost) {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(output, &part, part.count)
      if count <= 0 { break }
      bytes += part[..<count]
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(id, &status, 0, &usage) == -1, errno == EINTR {}
    let wall = (ContinuousClock.now - start) / .seconds(1)
    guard status == 0 else {
      // Where it left no word, its status must do.
      let words = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
      throw Failed(description: "\(name) failed with wait status \(status): \(words.suffix(600))")
    }
    return (bytes, Cost(wallSeconds: wall, cpuSeconds: usage.cpuSeconds))
  }
}
