import Hummingbird

/// Who answers under which name: one address serves several sites, which `Host` tells apart (RFC 9110,
/// 7.2).
struct VirtualHosts: HTTPResponder {
  typealias Context = GatewayContext

  /// One site: the long way to an answer, and the short one.
  struct VirtualHost: Sendable {
    let responder: Responder
    let desk: PromptDesk

    /// - Parameter server: program and version, as answers tell it.
    init(_ responder: Responder, server: String) {
      self.responder = responder
      desk = PromptDesk(
        files: responder.prompt, callers: responder.callers, content: responder.content,
        server: server, watch: responder.watch)
    }
  }

  private let byName: [String: VirtualHost]
  /// Who tells those that ask under any other name.
  private let others: VirtualHost

  /// - Parameters:
  ///   - byName: by host as `Host` has it, in lower case and without a port.
  ///   - others: for all other names.
  init(_ byName: [String: VirtualHost] = [:], others: VirtualHost) {
    self.byName = byName
    self.others = others
  }

  func host(for authority: String?) -> VirtualHost {
    guard !byName.isEmpty,
      let name = CallerRules.host(ofAuthority: (authority ?? "").lowercased())
    else { return others }
    return byName[String(name)] ?? others
  }

  func respond(to request: Request, context: Context) async throws -> Response {
    try await host(for: request.head.authority).responder.respond(to: request, context: context)
  }
}
