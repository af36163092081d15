import Foundation
import LarderOrigin
import Logging
import NIOSSL
import OriginRig
import Testing

/// Needs the `openssl` program, which makes the certificates.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct SecureOriginTests {
  /// A certificate of our own for localhost, with its key.
  private final class Certificate {
    let directory: URL
    var file: String { directory.appendingPathComponent("cert.pem").path }

    init() throws {
      directory = FileManager.default.temporaryDirectory.appendingPathComponent(
        "larder-origin-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
      process.currentDirectoryURL = directory
      process.arguments = [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2",
        "-subj", "/CN=larder test", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem",
        "-out",
        "cert.pem",
      ]
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
    }

    deinit {
      // What is left behind in the temporary folder does no harm.
      try? FileManager.default.removeItem(at: directory)
    }

    func context() throws -> NIOSSLContext {
      let key = try NIOSSLPrivateKey(
        file: directory.appendingPathComponent("key.pem").path, format: .pem)
      return try NIOSSLContext(
        configuration: .makeServerConfiguration(
          certificateChain: try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) },
          privateKey: .privateKey(key)))
    }
  }

  @Test("A certificate that nobody vouches for is refused, and trusted once it is configured")
  func trust() async throws {
    let certificate = try Certificate()
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
    let certificate = try Certificate()
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
