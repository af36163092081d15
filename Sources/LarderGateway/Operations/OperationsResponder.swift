import FoundationEssentials
import HTTPTypes
import Hummingbird
import LarderMetrics
import LarderService
import NIOCore

/// Answers operators: three paths, no key, and nobody's page.
struct OperationsResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  /// Whether only this machine reaches the address: then only its own names do for `Host`.
  let isLocal: Bool
  let service: LarderService.Service
  let drain: Drain
  let measured: [any Measured]

  func respond(to request: Request, context: Context) async throws -> Response {
    do throws(Refusal) {
      try admit(request)
      switch (request.head.path ?? "").prefix(while: { $0 != "?" }) {
      case "/metrics":
        return answer(request, .ok, await metrics(), Exposition.contentType)
      case "/health/live":
        // That this runs is all that it says: what stands still is started anew.
        return answer(request, .ok, Array(#"{"live":true}"#.utf8) + [0x0a], "application/json")
      case "/health/ready":
        let readiness = Readiness(await service.health(), isDraining: drain.isUnderWay)
        return answer(
          request, readiness.ready ? .ok : .serviceUnavailable, readiness.json, "application/json")
      default:
        throw Refusal(
          .notFound, .notFound, "there is nothing at this URL",
          remedy: "use /metrics, /health/live or /health/ready")
      }
    } catch {
      let (bytes, type) = error.body(asJSON: true)
      return answer(request, error.status, bytes, type)
    }
  }

  /// A page that a browser shows has no business here, by whatever name it came (DNS rebinding).
  private func admit(_ request: Request) throws(Refusal) {
    let site = request.headers[.secFetchSite]
    guard request.headers[.origin] == nil, site == nil || site == "none" || site == "same-origin"
    else {
      throw Refusal(.forbidden, .notPermitted, "pages may not load from here")
    }
    let authority = request.head.authority ?? ""
    guard let host = CallerRules.host(ofAuthority: authority.lowercased()),
      !isLocal || CallerRules.isLoopback(host)
    else {
      throw Refusal(
        .misdirectedRequest, .notPermitted,
        "this address is not asked for as '\(authority.prefix(80))'",
        remedy: "use localhost, or the address itself")
    }
  }

  private func metrics() async -> [UInt8] {
    var page = Exposition()
    for part in measured { await part.measure(into: &page) }
    return Array(page.text.utf8)
  }

  private func answer(
    _ request: Request, _ status: HTTPResponse.Status, _ bytes: [UInt8], _ type: String
  ) -> Response {
    var fields = HTTPFields()
    fields[.contentType] = type
    fields[.contentLength] = String(bytes.count)
    fields[.cacheControl] = "no-store"
    fields[.xContentTypeOptions] = "nosniff"
    guard request.method != .head else { return Response(status: status, headers: fields) }
    return Response(
      status: status, headers: fields,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
