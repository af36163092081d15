// Modules that NIO brings along take glibc's stat and timespec for their own.
import CDispatch
import Dispatch
import Glibc
import LarderCore
import LarderService

/// A program that is asked for the authorization of an origin.
///
/// It is run with the origin (`https://host:port`) as its last argument, nothing on standard input,
/// and prints one line: a token, which is sent as `Bearer`, or the value of an `Authorization`
/// header, with or without that name before it. What it prints on standard error is dropped: it may
/// tell secrets.
struct CredentialProgram: Sendable {
  /// An absolute path, and arguments.
  let command: [String]

  /// How long it may take: it may ask a server of its own.
  private static let deadlineMilliseconds: Int64 = 10_000

  /// What speaks against it before it is run; nil where nothing does.
  var objection: String? {
    guard let path = command.first, path.hasPrefix("/") else {
      return "'helper' is a list: the absolute path of a program, and arguments"
    }
    return access(path, X_OK) == 0 ? nil : "'\(path)' cannot be run"
  }

  /// Runs it on a thread of its own.
  ///
  /// - Throws: `originRefused`.
  func ask(for origin: String) async throws(ServiceError) -> String {
    let output = await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: self.run(origin)) }
    }
    let name = command[0]
    func failed(_ reason: String) -> ServiceError {
      ServiceError(
        .originRefused, "'\(name)' has no authorization for \(origin): \(reason)",
        remedy: "run it by hand as the daemon's user, with that origin", subject: origin)
    }
    let text: String
    switch output {
    case .success(let bytes): text = String(decoding: bytes, as: UTF8.self)
    case .failure(let problem): throw failed(problem.reason)
    }
    guard let value = Self.value(in: text) else {
      throw failed("it does not print one line of visible ASCII")
    }
    return value
  }

  /// The value of the header that a program's answer makes.
  static func value(in text: String) -> String? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard lines.count == 1, var line = lines.first else { return nil }
    if line.last == "\r" { line = line.dropLast() }
    let name = "authorization:"
    if line.lowercased().hasPrefix(name) {
      line = line.dropFirst(name.count).drop { $0 == " " }
      return AuthorizationValue.isOne(String(line)) ? String(line) : nil
    }
    let value = line.contains(" ") ? String(line) : "Bearer \(line)"
    return AuthorizationValue.isOne(value) ? value : nil
  }

  // MARK: - The process

  /// Programs start one after the other, so that none gets the pipe of another before that is
  /// closed to it.
  private static let starting = Locked(())

  private struct Problem: Error {
    let reason: String
  }

  private func run(_ origin: String) -> Result<[UInt8], Problem> {
    guard let (process, reading) = Self.starting.withLock({ _ in start(origin) }) else {
      return .failure(Problem(reason: "it cannot be started"))
    }
    defer { close(reading) }
    let deadline = Self.milliseconds + Self.deadlineMilliseconds
    let output = Self.read(reading, until: deadline)
    guard let status = Self.wait(for: process, until: output == nil ? 0 : deadline), let output
    else {
      return .failure(
        Problem(
          reason:
            "it did not end within \(Self.deadlineMilliseconds / 1_000) s, or printed more than"
            + " \(AuthorizationValue.bytesMax) bytes"))
    }
    guard status == 0 else { return .failure(Problem(reason: "it failed")) }
    return .success(output)
  }

  /// The process, and the end of a pipe to read what it prints.
  private func start(_ origin: String) -> (pid_t, Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    guard let process = spawn(origin, ends[1]) else {
      close(ends[0])
      return nil
    }
    return (process, ends[0])
  }

  /// In a process group of its own, so that its children end with it.
  private func spawn(_ origin: String, _ output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
    defer { posix_spawn_file_actions_destroy(&actions) }
    guard posix_spawnattr_init(&attributes) == 0 else { return nil }
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // Threads of the daemon hold signals back, and it ignores SIGPIPE; the program starts afresh.
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    var arguments = (command + [origin]).map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    arguments.append(nil)
    var process = pid_t()
    return posix_spawn(&process, command[0], &actions, &attributes, arguments, environ) == 0
      ? process : nil
  }

  /// What it prints; nil past the deadline, or for too much.
  private static func read(_ descriptor: Int32, until deadline: Int64) -> [UInt8]? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4_096)
    while true {
      let rest = deadline - milliseconds
      guard rest > 0 else { return nil }
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&polled, 1, Int32(rest))
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { return nil }
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += piece[..<count]
      guard bytes.count <= AuthorizationValue.bytesMax else { return nil }
    }
  }

  /// Its status, 0 for success; nil if it had to be killed.
  private static func wait(for process: pid_t, until deadline: Int64) -> Int32? {
    var status: Int32 = 0
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process {
        // What it left behind has nobody to talk to.
        kill(-process, SIGKILL)
        return status
      }
      if ended < 0, errno != EINTR { return -1 }
      if milliseconds >= deadline { break }
      // It has closed its output, so that it ends at once if it does what it should.
      poll(nil, 0, 5)
    }
    kill(-process, SIGKILL)
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return nil
  }

  private static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
