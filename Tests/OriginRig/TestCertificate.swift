import Foundation
package import NIOSSL

/// A certificate of our own for localhost, and its key, in a temporary folder.
///
/// Needs the `openssl` program, which makes them.
package final class TestCertificate: Sendable {
  package struct NotMade: Error {}

  package static var isPossible: Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")
  }

  private let directory: URL
  /// The path of the certificate, in PEM.
  package var file: String { directory.appending(path: "cert.pem").path }
  /// The path of its private key, in PEM.
  package var keyFile: String { directory.appending(path: "key.pem").path }

  package init() throws {
    directory = FileManager.default.temporaryDirectory.appending(
      path: "larder-certificate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try renew()
  }

  deinit {
    // What is left behind in the temporary folder does no harm.
    try? FileManager.default.removeItem(at: directory)
  }

  /// Puts another certificate and another key in their place.
  package func renew() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.currentDirectoryURL = directory
    process.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-days", "2", "-subj", "/CN=larder test", "-addext", "subjectAltName=DNS:localhost",
      "-keyout", "key.pem", "-out", "cert.pem",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw NotMade() }
  }

  /// For a server.
  package func context() throws -> NIOSSLContext {
    let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) },
        privateKey: .privateKey(key)))
  }
}
