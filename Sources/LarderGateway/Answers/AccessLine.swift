import FoundationEssentials
import HTTPTypes
import LarderCore

/// One line of the access log.
struct AccessLine: Sendable {
  private let answer: Answer
  private let time: Date

  init(_ answer: Answer, at time: Date) {
    self.answer = answer
    self.time = time
  }

  /// The members of the object, as docs/gateway.md tells them.
  private struct Object: Encodable {
    let time: String
    let method: String?
    let route: String
    let remote: String?
    let release: String?
    let status: Int
    let bytes: Int64
    let beginMilliseconds: Double
    let totalMilliseconds: Double
    let phase: String
    let aborted: Bool?
    let trace: String?
    let span: String?
  }

  /// A JSON object and a line feed. Costs some microseconds: for the thread that writes.
  var json: [UInt8] {
    let object = Object(
      time: time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)),
      method: answer.method, route: answer.kind.name, remote: answer.remote,
      release: answer.release, status: answer.status.code, bytes: answer.sentBytes,
      beginMilliseconds: Self.milliseconds(answer.begin),
      totalMilliseconds: Self.milliseconds(answer.total), phase: answer.phase,
      aborted: answer.isAborted ? true : nil, trace: answer.trace?.trace, span: answer.trace?.span)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Words and finite numbers always have JSON; should they not, the line is still one.
    return ((try? encoder.encode(object)).map { Array($0) } ?? Array("{}".utf8)) + [0x0a]
  }

  /// To the microsecond.
  private static func milliseconds(_ time: Duration) -> Double {
    (time / .microseconds(1)).rounded() / 1_000
  }
}
