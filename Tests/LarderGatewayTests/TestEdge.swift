import Foundation
import LarderCore
import LarderMessages
import LarderService

@testable import LarderGateway

/// An edge that listens, with one site over a service of its own.
struct TestEdge: TestPublisher {
  /// A name of its site.
  static let host = "remotes.example"

  let service: Service
  let peer: RealmCapability
  private let port: UInt16

  /// Runs `body` with an edge, and ends it afterwards.
  ///
  /// - Parameters:
  ///   - remotes: base URLs by name, all of one realm.
  ///   - shown: those that the site has.
  static func run(
    remotes: [String: [String]], shown: Set<String>, freshness: Freshness, pages: Set<String>?,
    showsSourceMaps: Bool, _ body: @Sendable (TestEdge) async throws -> Void
  ) async throws {
    try await TestService.run { test in
      let (service, peer) = (test.service, test.peer)
      try await service.lay(down: remotes, for: peer)
      let site = EdgeSettings.Site(
        hosts: [host, "www.\(host)"], mount: .path([]),
        peer: try await service.capability(realm: "default", may: []), pages: pages,
        scope: SiteScope(remotes: shown, freshness: freshness, showsSourceMaps: showsSourceMaps))
      let edge = Edge(
        EdgeSettings(addresses: [.port(host: "127.0.0.1", 0)], sites: [site]), service: service,
        server: "larderd/test", log: test.log)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await edge.run() }
        defer { group.cancelAll() }
        while service.statistics(for: peer).gateways == nil { await Task.yield() }
        let url = service.statistics(for: peer).gateways?.first.flatMap { URL(string: $0) }
        try await body(TestEdge(service: service, peer: peer, port: UInt16(url?.port ?? 0)))
      }
    }
  }

  /// Sends one request on a connection of its own.
  func get(
    _ path: String, _ fields: [String] = [], method: String = "GET", host: String = TestEdge.host
  ) async throws -> RawReply {
    let head = ["\(method) \(path) HTTP/1.1", "Host: \(host)"] + fields + ["Connection: close"]
    let replies = try await RawConnection.exchange(
      Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8), port: port)
    guard replies.count == 1, let reply = replies.first else { throw RawReply.Malformed() }
    return reply
  }
}
