import Foundation
import LarderCore
import LarderMessages
import LarderMetrics
import LarderOrigin
import LarderService
import Logging
import MetricsRig
import SystemPackage

@testable import LarderGateway

/// A gateway that listens, over a service of its own.
final class TestGateway: TestPublisher {
  /// The name of a site that may load from it, and the name under which it is asked for besides.
  static let origin = "https://shop.example"
  static let host = "larder.example"

  let service: Service
  /// Who publishes.
  let peer: RealmCapability
  let port: UInt16
  let key: GatewayKey
  /// What it answers at once.
  let prompt: PromptFiles
  /// That of its console.
  let consoleKey: GatewayKey
  private let instruments: Instruments
  private let logPath: String
  let accessLog: AccessLog

  private init(
    service: Service, peer: RealmCapability, port: UInt16, key: GatewayKey,
    consoleKey: GatewayKey, prompt: PromptFiles, instruments: Instruments,
    accessLog: AccessLog, logPath: String
  ) {
    self.instruments = instruments
    self.accessLog = accessLog
    self.logPath = logPath
    self.service = service
    self.peer = peer
    self.port = port
    self.key = key
    self.prompt = prompt
    self.consoleKey = consoleKey
  }

  /// Runs `body` with a gateway of realm `default`, and ends it afterwards.
  ///
  /// - Parameters:
  ///   - origins: how origins are asked.
  ///   - timing: of what is done about those that fail.
  static func run<Value: Sendable>(
    limits: GatewayLimits = GatewayLimits(), certificate: GatewayCertificate? = nil,
    origins: OriginConfiguration = OriginConfiguration(), timing: Timing = .system,
    _ body: @Sendable (TestGateway) async throws -> Value
  ) async throws -> Value {
    try await TestService.run(origins: origins, timing: timing) {
      try await serve($0, limits, certificate, body)
    }
  }

  private static func serve<Value: Sendable>(
    _ test: TestService, _ limits: GatewayLimits, _ certificate: GatewayCertificate?,
    _ body: @Sendable (TestGateway) async throws -> Value
  ) async throws -> Value {
    let (service, peer) = (test.service, test.peer)
    let logPath = test.folder.appending("access.log")
    var random = SystemRandomNumberGenerator()
    let key = GatewayKey(using: &random)
    var settings = GatewaySettings(
      addresses: [.port(host: "127.0.0.1", 0)], mount: .key(key),
      hosts: [Self.host], origins: [Self.origin], limits: limits)
    settings.compresses = true
    settings.certificate = certificate
    let console = Console(
      key: GatewayKey(using: &random),
      for: try await service.capability(realm: "default", may: .console))
    settings.console = console
    let instruments = Instruments()
    let accessLog = try AccessLog(at: logPath, instruments: instruments, log: test.log)
    defer { accessLog.close() }
    let gateway = Gateway(
      settings, service: service, for: try await service.capability(realm: "default", may: []),
      server: "larderd/test", instruments: instruments, accessLog: accessLog, log: test.log)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await gateway.run() }
      defer { group.cancelAll() }
      while service.statistics(for: peer).gateways == nil { await Task.yield() }
      let url = service.statistics(for: peer).gateways?.first.flatMap { URL(string: $0) }
      return try await body(
        TestGateway(
          service: service, peer: peer, port: UInt16(url?.port ?? 0),
          key: key, consoleKey: console.key, prompt: gateway.prompt, instruments: instruments,
          accessLog: accessLog,
          logPath: logPath.string))
    }
  }

  // MARK: - What is seen of it

  /// What it counted.
  func metrics() throws -> ScrapedPage {
    var page = Exposition()
    instruments.measure(into: &page)
    return try ScrapedPage(page.text)
  }

  /// Origins that are left alone.
  func restingOrigins() async throws -> Double? {
    var page = Exposition()
    await service.measure(into: &page)
    return try ScrapedPage(page.text).value("larder_origin_breakers", ["state": "open"])
  }

  /// The objects of the access log, once it has so many.
  func logged(_ count: Int) async throws -> [[String: Any]] {
    while true {
      let text = try String(contentsOfFile: logPath, encoding: .utf8)
      let lines = text.split(separator: "\n")
      if lines.count >= count, text.hasSuffix("\n") {
        return try lines.map { line in
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
        }
      }
      await Task.yield()
    }
  }

  // MARK: - Requests

  /// The head of a well-formed request for a path below the key.
  func head(
    _ path: String, _ method: String = "GET", host: String = "localhost",
    _ fields: [String] = []
  ) -> String {
    (["\(method) /\(key.text)\(path) HTTP/1.1", "Host: \(host)"] + fields)
      .joined(separator: "\r\n") + "\r\n\r\n"
  }

  /// The same for a path of the console, below its key and `/console/`.
  func consoleHead(
    _ path: String, _ method: String = "GET", host: String = "localhost", _ fields: [String] = []
  ) -> String {
    head(path, method, host: host, fields).replacing(
      "/\(key.text)\(path) ", with: "/\(consoleKey.text)/console/\(path) ")
  }

  /// Sends one request on a connection of its own.
  func get(
    _ path: String, _ method: String = "GET", _ fields: String...
  ) async throws -> RawReply {
    let replies = try await exchange(
      head(path, method, fields + ["Connection: close"]), isHead: method == "HEAD")
    guard replies.count == 1, let reply = replies.first else { throw RawReply.Malformed() }
    return reply
  }

  /// Sends text as it is, says that no more comes, and takes all that comes back.
  ///
  /// - Parameter cuts: places between which the text is sent in pieces of their own.
  func exchange(
    _ text: String, cuts: [Int] = [], isHead: Bool = false
  ) async throws -> [RawReply] {
    try await exchange(Array(text.utf8), cuts: cuts, isHead: isHead)
  }

  func exchange(
    _ bytes: [UInt8], cuts: [Int] = [], isHead: Bool = false
  ) async throws -> [RawReply] {
    try await RawConnection.exchange(bytes, cuts: cuts, isHead: isHead, port: port)
  }
}
