import Foundation
import Glibc
package import NIOSSL

/// A certificate of our own for localhost, and its key, in a temporary folder.
///
/// Needs the `openssl` program, which makes them.
package final class TestCertificate: Sendable {
  package struct NotMade: Error {}

  private static let program = "/usr/bin/openssl"

  package static var isPossible: Bool {
    FileManager.default.isExecutableFile(atPath: program)
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
    // Not by Foundation's Process, which bears no more than a thousand open descriptors: tests of
    // crowds run beside.
    let words = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
      "-nodes", "-days", "2", "-subj", "/CN=larder test", "-addext",
      "subjectAltName=DNS:localhost", "-keyout", keyFile, "-out", file,
    ]
    let arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var process: pid_t = 0
    var status: Int32 = 0
    guard posix_spawn(&process, Self.program, &actions, nil, arguments, environ) == 0,
      waitpid(process, &status, 0) == process, status == 0
    else { throw NotMade() }
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
