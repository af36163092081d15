import HTTPTypes
import Hummingbird
import LarderCore
import LarderMessages
import LarderService
import NIOCore

/// Answers what is below the console's key.
struct ConsoleResponder: Sendable {
  private let key: GatewayKey
  private let content: ConsoleContent
  private let stream: ConsoleStream
  private let files = ConsoleFiles()
  private let rules = ConsoleRules()

  /// - Parameter run: tells this daemon from the one before.
  init(_ console: Console, service: LarderService.Service, history: StatisticsHistory, run: String)
  {
    key = console.key
    content = ConsoleContent(service: service, peer: console.peer, history: history)
    stream = ConsoleStream(service: service, peer: console.peer, run: run)
  }

  /// Nil for what is not below the key.
  func response(to request: Request) async -> Response? {
    do throws(Refusal) {
      guard let route = try ConsoleRoute(request.head.path ?? "", key: key) else { return nil }
      try rules.admit(
        request.method, request.headers, to: route, scheme: request.head.scheme,
        authority: request.head.authority)
      return try await response(to: request, route)
    } catch {
      let (bytes, type) = error.body(asJSON: true)
      var response = answer(bytes, type: type, to: request)
      response.status = error.status
      if error.status == .methodNotAllowed { response.headers[.allow] = "GET, HEAD, POST" }
      return response
    }
  }

  private func response(
    to request: Request, _ route: ConsoleRoute
  ) async throws(Refusal) -> Response {
    switch route {
    case .page: return try file(ConsoleFiles.pageName, to: request)
    case .file(let path): return try file(path, to: request)
    case .data(let data):
      return answer(try await content.json(of: data), type: "application/json", to: request)
    case .switch, .rollback:
      return answer(try await content.change(route), type: "application/json", to: request)
    case .events: return try events(to: request)
    }
  }

  private func file(_ path: String, to request: Request) throws(Refusal) -> Response {
    guard let file = files.files[path] else { throw .notFound }
    return answer(file.bytes, type: ConsoleFiles.mediaType(of: path), to: request)
  }

  private func events(to request: Request) throws(Refusal) -> Response {
    let listening: EventListening
    do throws(ServiceError) { listening = try content.service.listen(for: content.peer) } catch {
      throw Refusal(error)
    }
    var fields = Self.fields
    fields[.contentType] = "text/event-stream"
    guard request.method != .head else { return Response(status: .ok, headers: fields) }
    return Response(
      status: .ok, headers: fields,
      body: stream.body(after: request.headers[.lastEventID], listening))
  }

  private func answer(_ bytes: [UInt8], type: String, to request: Request) -> Response {
    var fields = Self.fields
    fields[.contentType] = type
    fields[.contentLength] = String(bytes.count)
    guard request.method != .head else { return Response(status: .ok, headers: fields) }
    return Response(
      status: .ok, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// What each answer says: nothing of it is anybody else's to load, frame, keep or see the URL of,
  /// and the page runs nothing but its files.
  private static let fields: HTTPFields = [
    .cacheControl: "no-store",
    .contentSecurityPolicy: """
    default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'
    """,
    .xContentTypeOptions: "nosniff",
    .xFrameOptions: "DENY",
    .referrerPolicy: "no-referrer",
    .crossOriginOpenerPolicy: "same-origin",
    .crossOriginResourcePolicy: "same-origin",
  ]
}
