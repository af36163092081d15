import ArgumentParser
import LarderGateway

/// Which of larderd's options are about pages.
struct GatewayOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Answer pages over HTTP at a port of this machine, such as 7717, [::1]:7717 or 0 for one that is free, or at the path of a Unix socket; may be repeated.",
      valueName: "address"))
  var gateway: [GatewayAddress] = []

  @Option(
    help: ArgumentHelp("The realm out of which pages are answered.", valueName: "name"))
  var gatewayRealm = "default"

  @Option(
    help: ArgumentHelp(
      "A name besides localhost under which the gateway may be asked for, such as shop.example; may be repeated.",
      valueName: "name"))
  var gatewayHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "A web origin besides those of this machine whose pages may load from the gateway, such as https://shop.example; may be repeated.",
      valueName: "origin"))
  var gatewayOrigin: [String] = []

  @Option(
    help: ArgumentHelp(
      "Path that the gateway's URLs begin with instead of a secret key, such as /larder, for a server in front that mounts it under the pages' own origin; whoever reaches the address can read the realm then.",
      valueName: "path"))
  var gatewayBase: String?

  @Option(
    help: ArgumentHelp(
      "Remotes that pages take from dev servers, as 'larder override' writes them down; none if absent.",
      valueName: "file"))
  var gatewayOverrides: String?

  @Option(
    help: ArgumentHelp(
      "PEM file of the certificate, with those that it was issued with, for TLS on the gateway's ports; read again every minute.",
      valueName: "file"))
  var gatewayCertificate: String?

  @Option(
    help: ArgumentHelp(
      "PEM file of the certificate's private key, without a passphrase.", valueName: "file"))
  var gatewayPrivateKey: String?

  @Flag(
    inversion: .prefixedNo,
    help:
      "Encode files (br, zstd, gzip) for those who accept it; done unless told where requests may come over a network: with --gateway-base or --gateway-exposed."
  )
  var gatewayCompress: Bool?

  @Option(
    help: ArgumentHelp(
      "Write a line of JSON for each answer of the gateway to the end of a file, opened anew on SIGHUP, or '-' for standard output.",
      valueName: "file"))
  var gatewayLog: String?

  @Flag(help: "Let the gateway listen on addresses that other machines reach.")
  var gatewayExposed = false

  func validate() throws {
    guard gateway.isEmpty else {
      if let outside = gateway.first(where: { !$0.isLocal }), !gatewayExposed {
        throw ValidationError(
          "--gateway \(outside) can be reached from other machines; add --gateway-exposed if that is meant"
        )
      }
      guard (gatewayCertificate == nil) == (gatewayPrivateKey == nil) else {
        throw ValidationError(
          "--gateway-certificate and --gateway-private-key belong together: one of them is missing")
      }
      for origin in gatewayOrigin where !GatewaySettings.isOrigin(origin) {
        throw ValidationError(
          "--gateway-origin takes a scheme, a host and perhaps a port, as in https://shop.example, not '\(origin)'"
        )
      }
      for host in gatewayHost where !GatewaySettings.isHost(host) {
        throw ValidationError(
          "--gateway-host takes a name without a port, as in shop.example, not '\(host)'")
      }
      if let gatewayBase, Mount(path: gatewayBase) == nil {
        throw ValidationError(
          "--gateway-base takes a path of plain names, as in /assets/larder, or / for none, not '\(gatewayBase)'"
        )
      }
      return
    }
    guard gatewayBase == nil, gatewayCertificate == nil, gatewayPrivateKey == nil,
      gatewayCompress == nil, gatewayLog == nil, gatewayHost.isEmpty, gatewayOrigin.isEmpty,
      gatewayRealm == "default",
      !gatewayExposed
    else {
      throw ValidationError("--gateway is missing: the address at which pages are answered")
    }
  }
}

extension GatewayAddress: ExpressibleByArgument {
  /// As `init(_:)`.
  public init?(argument: String) { self.init(argument) }
}
