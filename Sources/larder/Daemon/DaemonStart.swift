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
  /// The length of the log before the start: what stands before is of an earlier daemon.
  let logStart: Int

  /// Blocks until the daemon answers PING.
  ///
  /// - Throws: the end of its log if the daemon ended; `timedOut`, and then it goes on.
  func wait() throws(ClientError) -> BlockingClient {
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
    let exitCode = (status >> 8) & 0xff
    let how = signal != 0 ? "signal \(signal)" : "exit code \(exitCode)"
    let said = printed().flatMap { DaemonStart.complaint(in: $0) }
    return ClientError(
      code: DaemonStart.code(ofExit: signal == 0 ? exitCode : 0),
      message: "the daemon ended with \(how) before it answered" + (said.map { ": \($0)" } ?? ""),
      remedy: said == nil ? "see '\(log)'" : nil, subject: socket.string)
  }

  /// The code of this program whose exit status is the daemon's, so that both end alike.
  static func code(ofExit status: Int32) -> ClientError.Code {
    let codes: [ClientError.Code] = [
      .badRequest, .truncated, .noSpace, .io, .busy, .noDaemon,
    ]
    return codes.first { ClientError(code: $0, message: "").exitStatus == status } ?? .noDaemon
  }

  /// The last line that tells of an error, without its time and level.
  static func complaint(in log: String) -> String? {
    let lines = log.split(whereSeparator: \.isNewline)
    if let line = lines.last(where: { $0.hasPrefix("Error: ") }) {
      return String(line.dropFirst("Error: ".count))
    }
    guard let line = lines.last(where: { $0.contains(" error ") }) ?? lines.last else { return nil }
    let marker = "[larderd] "
    return line.firstRange(of: marker).map { String(line[$0.upperBound...]) } ?? String(line)
  }

  /// What the daemon has printed since it was started.
  private func printed() -> String? {
    let descriptor = open(log.string, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let start = max(logStart, lseek(descriptor, 0, SEEK_END) - Self.logBytesMax)
    var bytes = [UInt8](repeating: 0, count: Self.logBytesMax)
    let count = pread(descriptor, &bytes, bytes.count, start)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
