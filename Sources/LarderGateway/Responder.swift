import HTTPTypes
import Hummingbird
import LarderCore
import LarderService
import Logging
import NIOCore

/// Answers requests that `RequestRules` let pass: who asks, what for, how much of it.
struct Responder: HTTPResponder {
  typealias Context = GatewayContext

  let callers: CallerRules
  let mount: Mount
  let content: PageContent
  /// Where files are left for `PromptDesk`.
  let prompt: PromptFiles
  let console: ConsoleResponder?
  let watch: AnswerWatch
  private let clock = ContinuousClock()

  init(
    callers: CallerRules, mount: Mount, content: PageContent, prompt: PromptFiles,
    watch: AnswerWatch,
    console: ConsoleResponder? = nil
  ) {
    self.callers = callers
    self.mount = mount
    self.content = content
    self.prompt = prompt
    self.console = console
    self.watch = watch
  }

  func respond(to request: Request, context: Context) async throws -> Response {
    let start = clock.now
    let trace = TraceContext(request.headers)
    var answer = Answer(method: request.method.rawValue, trace: trace)
    if let response = await console?.response(to: request) {
      (answer.kind, answer.phase) = (.console, "console")
      return watch.watching(response, answer, since: start)
    }
    let response: Response
    if let trace {
      response = await TraceContext.$current.withValue(trace) {
        await respond(to: request, in: context, since: start, noting: &answer)
      }
    } else {
      response = await respond(to: request, in: context, since: start, noting: &answer)
    }
    return watch.watching(response, answer, since: start)
  }

  private func respond(
    to request: Request, in context: Context, since start: ContinuousClock.Instant,
    noting answer: inout Answer
  ) async -> Response {
    var origin: String?
    do throws(Refusal) {
      origin = try callers.admit(request.headers, authority: request.head.authority)
      let route = try Route(request.head.path ?? "", mount: mount)
      answer.note(route)
      // Without a scheme: whoever stands in front may speak TLS.
      let base = "//\(request.head.authority ?? "")\(mount.prefix)"
      let representation = try await content.representation(
        of: route, base: base, accepting: AcceptedCodings.list(request.headers[.acceptEncoding]))
      answer.phase = representation.phase
      return reply(
        to: request, in: context, representation, origin, after: clock.now - start, answer)
    } catch {
      return refuse(request, error, origin, after: clock.now - start)
    }
  }

  private func reply(
    to request: Request, in context: Context, _ representation: Representation, _ origin: String?,
    after time: Duration,
    _ answer: Answer
  ) -> Response {
    var fields = ReplyFields.common(for: origin)
    ReplyFields.add(representation, to: &fields, isPublic: callers.isPublic)
    fields[.link] = ReplyFields.link(of: representation, for: request.headers[.origin])
    fields[.serverTiming] = ReplyFields.timing(representation.phase, time)
    let size = representation.size
    switch Preconditions(request.headers).outcome(for: representation.entityTag, size: size) {
    case .failed:
      return Response(status: .preconditionFailed, headers: fields)
    case .notModified:
      return Response(status: .notModified, headers: fields)
    case .send(.unsatisfiable):
      fields[.contentRange] = "bytes */\(size)"
      return Response(status: .rangeNotSatisfiable, headers: fields)
    case .send(.part(let range)):
      fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
      return send(
        range, of: representation, to: request, in: context, .partialContent, fields, answer)
    case .send(.whole):
      return send(0..<size, of: representation, to: request, in: context, .ok, fields, answer)
    }
  }

  private func send(
    _ range: Range<Int64>, of representation: Representation, to request: Request,
    in context: Context, _ status: HTTPResponse.Status, _ fields: HTTPFields, _ answer: Answer
  ) -> Response {
    var fields = fields
    fields[.contentLength] = String(range.count)
    guard request.method != .head else { return Response(status: status, headers: fields) }
    if case .bytes(let bytes) = representation.content, range.count <= PageContent.pieceBytesMax {
      let part = ByteBuffer(bytes: bytes[Int(range.lowerBound)..<Int(range.upperBound)])
      if range.count == bytes.count { keeping(representation, for: request, answer)?(part) }
      return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: part))
    }
    let (content, keep) = (content, keeping(representation, for: request, answer))
    // A file that is kept is read at once, and what is larger never is.
    let isKept = keep != nil && representation.size <= Int64(PageContent.pieceBytesMax)
    let readBytes = Int64(isKept ? PageContent.pieceBytesMax : PageContent.partBytesMax)
    let body = ResponseBody(contentLength: range.count) { writer in
      var place = range.lowerBound
      while place < range.upperBound {
        // Not held twice: a peer that does not read keeps what is here until its time is over.
        var bytes = ByteBuffer(
          bytes: try await content.piece(
            of: representation.content, from: place,
            before: min(place + readBytes, range.upperBound)))
        place += Int64(bytes.readableBytes)
        if let keep, bytes.readableBytes == representation.size { keep(bytes) }
        while bytes.readableBytes > 0 {
          let count = min(bytes.readableBytes, PageContent.writeBytesMax)
          guard let part = bytes.readSlice(length: count) else { break }
          try await writer.write(part)
          try await context.taken()
        }
      }
      try await writer.finish(nil)
    }
    return Response(status: status, headers: fields, body: body)
  }

  /// What leaves a file to those who answer at once, given all of its bytes; nil for what is no file
  /// of a release.
  private func keeping(
    _ representation: Representation, for request: Request, _ answer: Answer
  ) -> (@Sendable (ByteBuffer) -> Void)? {
    guard let source = representation.source, let target = request.head.path,
      let key = PromptFile.Key(target: target, codings: request.headers[.acceptEncoding])
    else { return nil }
    let isPublic = callers.isPublic
    return { [prompt] in
      prompt.keep(
        PromptFile(representation, of: source, $0, as: answer, isPublic: isPublic), key)
    }
  }

  private func refuse(
    _ request: Request, _ refusal: Refusal, _ origin: String?, after time: Duration
  ) -> Response {
    var fields = ReplyFields.common(for: origin)
    fields[.cacheControl] = "no-store"
    fields[.serverTiming] = ReplyFields.timing("refused", time)
    if refusal.status == .serviceUnavailable { fields[.retryAfter] = "1" }
    let asJSON = request.headers[.accept]?.contains("text/") != true
    let (bytes, type) = refusal.body(asJSON: asJSON)
    fields[.contentType] = type
    fields[.contentLength] = String(bytes.count)
    guard request.method != .head else {
      return Response(status: refusal.status, headers: fields)
    }
    return Response(
      status: refusal.status, headers: fields,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
