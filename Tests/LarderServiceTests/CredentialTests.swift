import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import OriginRig
import Testing

@testable import LarderService

@Suite("Credentials of a realm") struct CredentialTests {
  private func policy(
    _ origin: TestOrigin, _ source: OriginCredentials.Source
  ) throws -> RealmPolicy {
    var rules = RealmPolicy.Realm()
    rules.credentials = OriginCredentials([try .init(for: origin.url(""), source)])
    return RealmPolicy(others: rules)
  }

  /// An origin that gives nothing without `Bearer ` and the token.
  private func privateOrigin(
    _ files: [String: [UInt8]], token: @escaping @Sendable () -> String = { "s3cret" }
  ) async throws -> TestOrigin {
    try await TestOrigin { request, _ in
      guard request.headers["authorization"] == "Bearer \(token())" else {
        return TestOrigin.answer("who are you?", status: "401 Unauthorized")
      }
      guard let bytes = files[String(request.path.dropFirst())] else {
        return TestOrigin.answer("", status: "404 Not Found")
      }
      return [
        .send("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n"), .sendBytes(bytes),
      ]
    }
  }

  @Test("A private origin's remote is added, updated and planned with the realm's token")
  func remote() async throws {
    let origin = try await privateOrigin(Deploy(name: "nav").served)
    let service = try policy(origin, .value("Bearer s3cret"))
    try await withService(policy: service) { fixture in
      _ = try await fixture.service.addRemote(
        "nav", urls: [origin.url("/")], for: fixture.peer)
      #expect(try await fixture.service.updateRemote("nav", for: fixture.peer).state == .complete)
      #expect(try await fixture.plan("nav").isComplete)
      #expect(
        try await fixture.service.inspect([origin.url("/")], for: fixture.peer).variants.count == 1)
      // Remembered under the credential's name, which does not tell it.
      func remembered(_ credential: String) async throws -> Fetch? {
        try await fixture.registry.fetch(
          FetchKey(
            realm: fixture.peer.realm, credential: credential, url: origin.url("/stats.json"),
            variant: ""))
      }
      #expect(try await remembered("realm \(origin.url(""))") != nil)
      #expect(try await remembered("") == nil)
      // What somebody says of their own counts before it.
      let refused = try await expectError(.originUnavailable) {
        try await fixture.ensure(origin.url("/route.js"), authorization: "Bearer other")
      }
      #expect(refused.message.contains("401") && !refused.description.contains("other"))
      #expect(try await fixture.ensure(origin.url("/route.js")).source == .origin)
    }
    try await withService { fixture in
      try await expectError(.originUnavailable) {
        try await fixture.service.addRemote("nav", urls: [origin.url("/")], for: fixture.peer)
      }
    }
  }

  @Test("A redirect to another origin does not take the token along")
  func redirect() async throws {
    let other = try await TestOrigin { _, _ in TestOrigin.answer("there") }
    let target = other.url("/there.js")
    let origin = try await TestOrigin { request, _ in TestOrigin.redirect(target) }
    try await withService(policy: try policy(origin, .value("Bearer s3cret"))) { fixture in
      _ = try await fixture.ensure(origin.url("/a.js"))
      #expect(origin.requests.map { $0.headers["authorization"] } == ["Bearer s3cret"])
      #expect(other.requests.map { $0.headers["authorization"] } == [nil])
      // Nor is it for an origin that only has the same host.
      _ = try await fixture.ensure(target)
      #expect(other.requests.last?.headers["authorization"] == nil)
    }
  }

  @Test("A program is asked once, and again when its token has ended")
  func program() async throws {
    let token = Locked("first")
    let asked = Locked<[String]>([])
    let deploy = Deploy(name: "nav")
    let origin = try await privateOrigin(deploy.served) { token.withLock { $0 } }
    let source = OriginCredentials.Source.program { (origin) async throws(ServiceError) in
      asked.withLock { $0.append(origin) }
      return "Bearer \(token.withLock { $0 })"
    }
    try await withService(policy: try policy(origin, source)) { fixture in
      _ = try await fixture.service.addRemote(
        "nav", urls: [origin.url("/")], for: fixture.peer)
      let first = try await fixture.service.updateRemote("nav", for: fixture.peer)
      #expect(first.state == .complete && asked.withLock { $0 } == [origin.url("")])
      token.withLock { $0 = "second" }
      #expect(try await fixture.ensure(origin.url("/route.js")).source == .origin)
      #expect(asked.withLock { $0.count } == 2)
      // The same credential, whatever the token: what came before is still known.
      #expect(try await fixture.ensure(origin.url("/route.js")).source == .origin)
      #expect(asked.withLock { $0.count } == 2)
    }
  }

  @Test("A program that fails is asked again by the next, and refuses nobody else")
  func failure() async throws {
    let works = Locked(false)
    let origin = try await privateOrigin(["a.js": [1]])
    let source = OriginCredentials.Source.program { (_) async throws(ServiceError) in
      guard works.withLock({ $0 }) else { throw ServiceError(.originRefused, "no token today") }
      return "Bearer s3cret"
    }
    try await withService(policy: try policy(origin, source)) { fixture in
      try await expectError(.originRefused) { try await fixture.ensure(origin.url("/a.js")) }
      #expect(origin.requests.isEmpty)
      works.withLock { $0 = true }
      #expect(try await fixture.ensure(origin.url("/a.js")).size.value == 1)
    }
  }

  @Test("Damaged content of a private origin is fetched again with the token")
  func refetch() async throws {
    let origin = try await privateOrigin(["a.js": [1, 2, 3]])
    try await withService(policy: try policy(origin, .value("Bearer s3cret"))) { fixture in
      let digest = try await fixture.ensure(origin.url("/a.js")).digest
      try fixture.damage(digest)
      _ = try? await fixture.bytes(digest)
      try await fixture.service.restore(digest, for: fixture.peer)
      #expect(try await fixture.bytes(digest) == [1, 2, 3])
    }
  }
}
