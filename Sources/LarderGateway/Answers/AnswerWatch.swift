import HTTPTypes
import Hummingbird
import LarderCore
import NIOCore
import Synchronization

/// Sees each answer of the gateway to its end: counts it, and has it written down.
struct AnswerWatch: Sendable {
  let instruments: GatewayInstruments
  let log: AccessLog?

  /// The same response, noted once its body is sent or its connection gone.
  ///
  /// - Parameter start: when the request's head was there.
  func watching(
    _ response: Response, _ answer: Answer, since start: ContinuousClock.Instant
  ) -> Response {
    var answer = answer
    answer.status = response.status
    answer.begin = ContinuousClock.now - start
    let (begun, body) = (answer, response.body)
    var response = response
    response.body = ResponseBody(contentLength: body.contentLength) { writer in
      let sent = SentBytes()
      var over = begun
      do {
        try await body.write(
          writer.map { piece in
            sent.count.add(Int64(piece.readableBytes), ordering: .relaxed)
            return piece
          })
        note(&over, sent, since: start)
      } catch {
        over.isAborted = true
        note(&over, sent, since: start)
        throw error
      }
    }
    return response
  }

  /// Notes an answer that was given at once.
  ///
  /// - Parameters:
  ///   - traces: values of `traceparent`.
  ///   - result: of writing it.
  func note(
    _ answer: Answer, since start: ContinuousClock.Instant, begin: Duration, traces: [String],
    _ result: Result<Void, any Error>
  ) {
    var answer = answer
    answer.begin = begin
    if case .failure = result {
      answer.isAborted = true
      answer.sentBytes = 0
    }
    instruments.note(answer)
    guard let log else { return }
    answer.total = ContinuousClock.now - start
    answer.trace = TraceContext(parents: traces, states: [])?.next()
    log.note(answer)
  }

  /// Notes a request that was refused before it was looked at.
  func refused(_ status: HTTPResponse.Status) {
    var answer = Answer()
    answer.status = status
    instruments.refused(status)
    log?.note(answer)
  }

  /// Notes a connection or stream that was closed for what its peer did not do in time.
  func expired() { instruments.connectionExpired() }

  private func note(_ answer: inout Answer, _ sent: SentBytes, since start: ContinuousClock.Instant)
  {
    answer.total = ContinuousClock.now - start
    answer.sentBytes = sent.count.load(ordering: .relaxed)
    instruments.note(answer)
    log?.note(answer)
  }
}

/// Bytes of one body that its connection took, the piece included at which it ended.
private final class SentBytes: Sendable {
  let count = Atomic<Int64>(0)
}
