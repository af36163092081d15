import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// The program `larderd` and what it is started with.
struct DaemonProgram {
  static let name = "larderd"
  /// POSIX_SPAWN_SETSID of glibc's spawn.h, which shows it to C with GNU extensions only.
  private static let newSession: Int16 = 0x80

  let path: FilePath
  let store: FilePath
  let socket: FilePath
  /// Options that only the daemon understands.
  let further: [String]

  private var arguments: [String] {
    [
      path.string, "--store", store.string, "--socket", socket.string, "--admin-socket",
      Self.adminSocket(of: socket.string),
    ] + further
  }

  /// Where the daemon that listens at `socket` is administered: beside it.
  static func adminSocket(of socket: String) -> String { socket + ".admin" }

  /// The daemon that stands beside this program, else the first of the search path.
  ///
  /// - Throws: `notFound` if there is none.
  static func find(searchPath: String?) throws(ClientError) -> FilePath {
    var folders = (searchPath ?? "").split(separator: ":").map { FilePath(String($0)) }
    if let own = realpath("/proc/self/exe", nil) {
      folders.insert(FilePath(String(cString: own)).removingLastComponent(), at: 0)
      free(own)
    }
    for folder in folders {
      let candidate = folder.appending(name)
      var status = stat()
      if stat(candidate.string, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        access(candidate.string, X_OK) == 0
      {
        return candidate
      }
    }
    throw ClientError(
      code: .notFound, message: "there is no \(name) beside this program or on PATH",
      remedy: "install both programs into one folder", subject: name)
  }

  /// Becomes the daemon: same process, same terminal; returns only to throw.
  func become() throws(ClientError) -> Never {
    // What this program ignores would stay ignored in the daemon, which decides for itself.
    signal(SIGPIPE, SIG_DFL)
    let error = withArguments { argv in
      execv(path.string, argv)
      return SystemCallError.last("execv", on: path.string)
    }
    throw .file("run", error)
  }

  /// Starts the daemon in a session of its own, without a terminal; returns its process id.
  ///
  /// - Parameter log: what the daemon prints is added to this file.
  func spawn(log: FilePath) throws(ClientError) -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Self.newSession | Int16(POSIX_SPAWN_SETSIGDEF))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, STDOUT_FILENO, log.string, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var process: pid_t = 0
    let result = withArguments { argv in
      posix_spawn(&process, path.string, &actions, &attributes, argv, environ)
    }
    guard result == 0 else {
      throw .file(
        "run",
        SystemCallError(call: "posix_spawn", errno: Errno(rawValue: result), object: path.string))
    }
    return process
  }

  private func withArguments<Result>(
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var copies = arguments.map { strdup($0) }
    copies.append(nil)
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else {
        preconditionFailure("the list ends with a null and is never empty")
      }
      return body(start)
    }
  }
}
