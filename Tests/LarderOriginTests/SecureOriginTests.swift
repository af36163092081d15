import LarderOrigin
import Logging
import OriginRig
import Testing

@Suite(.enabled(if: TestCertificate.isPossible))
struct SecureOriginTests {
  @Test("A certificate that nobody vouches for is refused, and trusted once it is configured")
  func trust() async throws {
    let certificate = try TestCertificate()
    let origin = try await TestOrigin(tls: try certificate.context()) { _, _ in
      TestOrigin.answer("abc")
    }
    try await withFetcher { fetcher in
      await expectFailure(.insecure) {
        try await fetcher.fetch(
          FetchRequest(url: origin.url("/", host: "localhost")), into: Spool())
      }
      #expect(fetcher.counters.requests == 1)
    }
    #expect(origin.requests.isEmpty)
    var configuration = OriginConfiguration()
    configuration.trustRootsFile = certificate.file
    try await withFetcher(configuration) { fetcher in
      let spool = Spool()
      _ = try await fetcher.fetch(
        FetchRequest(url: origin.url("/", host: "localhost")), into: spool)
      #expect(spool.text == "abc")
      // The certificate is for the name, not for the address.
      await expectFailure(.insecure) {
        try await fetcher.fetch(
          FetchRequest(url: origin.url("/")), into: Spool())
      }
    }
  }

  @Test("A redirect from https to http is refused")
  func downgrade() async throws {
    let certificate = try TestCertificate()
    let plain = try await TestOrigin { _, _ in TestOrigin.answer("abc") }
    let origin = try await TestOrigin(tls: try certificate.context()) { _, _ in
      TestOrigin.redirect(plain.url("/"))
    }
    var configuration = OriginConfiguration()
    configuration.trustRootsFile = certificate.file
    try await withFetcher(configuration) { fetcher in
      await expectFailure(.refused) {
        try await fetcher.fetch(
          FetchRequest(url: origin.url("/", host: "localhost")), into: Spool())
      }
    }
    #expect(plain.requests.isEmpty)
  }

  @Test("A file of trust roots that cannot be read is an error at the start")
  func noFile() {
    var configuration = OriginConfiguration()
    configuration.trustRootsFile = "/no/such/file.pem"
    #expect(throws: OriginError.self) {
      try Fetcher(configuration, logger: Logger(label: "test"))
    }
  }
}
