package import Logging
import NIOCertificateReloading
import NIOSSL
import ServiceLifecycle

/// What the gateway proves itself with: two PEM files that are read again while it runs.
package struct GatewayCertificate: ServiceLifecycle.Service {
  /// How often the files are looked at: whoever renews a certificate does so days ahead.
  package static let readInterval = Duration.seconds(60)

  private let reloader: TimedCertificateReloader

  /// Reads both files.
  ///
  /// - Parameters:
  ///   - chain: path of the certificate, followed by those that it was issued with.
  ///   - key: path of its private key, without a passphrase.
  /// - Throws: what is wrong with the files, or that they do not belong together.
  package init(
    chain: String, key: String, readEvery interval: Duration = GatewayCertificate.readInterval,
    log: Logger
  ) throws {
    let configuration = TimedCertificateReloader.Configuration(
      refreshInterval: interval,
      certificateSource: .init(location: .file(path: chain), format: .pem),
      privateKeySource: .init(location: .file(path: key), format: .pem)
    ) {
      $0.onCertificateLoaded = { _ in
        log.info("certificate read", metadata: ["path": "\(chain)"])
      }
      $0.onCertificateLoadFailed = { failure in
        log.error(
          "the certificate cannot be read again; the one before stays",
          metadata: ["path": "\(chain)", "reason": "\(failure.error)"])
      }
    }
    reloader = try .makeReloaderValidatingSources(configuration: configuration)
  }

  /// Reads the files again and again until the service group shuts down.
  package func run() async throws { try await reloader.run() }

  /// For connections from now on; each handshake takes what was read last.
  func context() throws -> NIOSSLContext {
    var configuration = try TLSConfiguration.makeServerConfiguration(
      certificateReloader: reloader)
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["h2", "http/1.1"]
    return try NIOSSLContext(configuration: configuration)
  }
}
