import ArgumentParser
import LarderGateway

/// Which of larderd's options are about the public.
struct EdgeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Answer the public with the sites that --policy has, at an address such as 0.0.0.0:443 or the path of a Unix socket; may be repeated.",
      valueName: "address"))
  var edge: [GatewayAddress] = []

  @Option(
    help: ArgumentHelp(
      "PEM file of the certificate, with those that it was issued with, for TLS on the edge's ports; read again every minute.",
      valueName: "file"))
  var edgeCertificate: String?

  @Option(
    help: ArgumentHelp(
      "PEM file of the certificate's private key, without a passphrase.", valueName: "file"))
  var edgePrivateKey: String?

  @Option(
    help: ArgumentHelp(
      "Write a line of JSON for each answer of the edge to the end of a file, opened anew on SIGHUP, or '-' for standard output.",
      valueName: "file"))
  var edgeLog: String?

  func validate() throws {
    guard (edgeCertificate == nil) == (edgePrivateKey == nil) else {
      throw ValidationError(
        "--edge-certificate and --edge-private-key belong together: one of them is missing")
    }
    guard !edge.isEmpty || (edgeCertificate == nil && edgeLog == nil) else {
      throw ValidationError("--edge is missing: the address at which the public is answered")
    }
  }
}
