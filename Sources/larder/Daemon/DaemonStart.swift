import Glibc
import LarderClient
import SystemPackage

/// Waits until a daemon that was started answers.
struct DaemonStart {
  /// Opening a store reads the tail of one segment for each realm: a second or so. A daemon that
  /// takes a minute hangs.
  static let waitMax = Duration.seconds(60)
  /// Between two attempts: short against a start, long against an attempt.
  static let pauseMicroseconds: UInt32 = 20_000
  /// What is shown of the log of a daemon that ended: its error, and a little before that.
  static let logBytesMax = 2_000

  let process: pid_t
  let socket: FilePath
  let log: FilePath

  /// Blocks until the daemon answers PING.
  ///
  /// - Throws: the end of its log if the daemon ended; `timedOut`, and then it goes on.
  func wait() throws(ClientError) -> LarderClient {
    let clock = ContinuousClock()
    let end = clock.now + Self.waitMax
    while clock.now < end {
      do throws(ClientError) {
        let client = try UpCommand.connect(to: socket)
        try client.ping()
        return client
      } catch {
        guard error.code == .noDaemon else { throw error }
      }
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) == process { throw ended(status) }
      usleep(Self.pauseMicroseconds)
    }
    throw ClientError(
      code: .timedOut, message: "the daemon does not answer at '\(socket)' after \(Self.waitMax)",
      remedy: "see '\(log)'; it runs as process \(process)", subject: socket.string)
  }

  private func ended(_ status: Int32) -> ClientError {
    // wait(2): the low seven bits are the signal that ended it, the next byte its exit code.
    let signal = status & 0x7f
    let code = (status >> 8) & 0xff
    let how = signal != 0 ? "was ended by signal \(signal)" : "ended with exit code \(code)"
    let said = logTail().map { ": \($0)" } ?? ""
    return ClientError(
      code: .noDaemon, message: "the daemon \(how) before it answered\(said)",
      remedy: "see '\(log)'", subject: socket.string)
  }

  /// The last line that the daemon printed.
  private func logTail() -> String? {
    let descriptor = open(log.string, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let length = lseek(descriptor, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: Self.logBytesMax)
    let count = pread(descriptor, &bytes, bytes.count, max(0, length - Self.logBytesMax))
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self)
      .split(whereSeparator: \.isNewline).last.map(String.init)
  }
}
