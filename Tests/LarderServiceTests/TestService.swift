import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderPlatform
import LarderRegistry
import LarderService
import LarderStore
import Logging
import SystemPackage

/// A service over a store and a registry of its own, in a folder that goes with the test.
struct TestService {
  let service: Service
  let peer: RealmCapability
  private let folder: FilePath
  private let store: Store
  private let registry: Registry
  private let fetcher: Fetcher
  private let workers: WorkerPool

  /// Runs `body` with a service and ends it afterwards.
  static func run(_ body: (TestService) async throws -> Void) async throws {
    let test = try await TestService()
    do {
      try await body(test)
      try await test.end()
    } catch {
      try await test.end()
      throw error
    }
  }

  private init() async throws {
    folder = FilePath(NSTemporaryDirectory()).appending("larder-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
      atPath: folder.string, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    workers = WorkerPool(name: "test", threadCount: 2, queueMax: 100)
    store = try Store.open(
      folder.appending("store"), options: Store.Options(quota: .mebibytes(64)))
    registry = try Registry(
      path: folder.appending("registry.sqlite").string, now: { 1_700_000_000 },
      barrier: { [store] _, _ in try store.sync() })
    fetcher = try Fetcher(logger: log)
    service = Service(
      store: store, registry: registry, fetcher: fetcher, workers: workers, log: log)
    peer = try await service.capability(realm: "default")
  }

  private func end() async throws {
    await fetcher.shutdown()
    workers.close()
    try registry.close()
    try store.close()
    try FileManager.default.removeItem(atPath: folder.string)
  }

  /// Stores text under its digest.
  func put(_ text: String) throws -> BlobStat {
    let ingest = try service.beginPut(for: peer)
    try Array(text.utf8).withUnsafeBytes { try ingest.append($0) }
    let result = try ingest.finish(ack: .durable)
    return BlobStat(digest: result.digest, size: result.size)
  }

  /// Publishes a build, and returns the release.
  func publish(_ build: SmallBuild, as name: String = "app") async throws -> ReleaseMessage {
    try await service.publish(try request(build, as: name), for: peer)
  }

  /// What PUBLISH takes for a build, its files put.
  func request(_ build: SmallBuild, as name: String = "app") throws -> PublishMessage.Request {
    let files = try build.files.map { path, text in
      let stat = try put(text)
      return PublishMessage.File(path: path, digest: stat.digest, size: stat.size)
    }
    let stats = try put(build.stats).digest
    return PublishMessage.Request(name: name, variants: [.init(stats: stats, files: files)])
  }
}

/// A build of one container with one exposed module, in the shape of webpack's `stats.json`.
struct SmallBuild {
  var files: [String: String]
  /// Name of the nested remote that the exposed module imports, if any.
  var remote: String?

  /// - Parameter version: goes into every file, so that no two versions share a blob.
  init(_ version: String, remote: String? = nil) {
    files = Dictionary(
      uniqueKeysWithValues: ["remoteEntry.js", "module.js", "late.js"].map {
        ($0, "/* \($0) of \(version) */ module.exports = {};\n")
      })
    self.remote = remote
  }

  var stats: String {
    let assets = files.sorted { $0.key < $1.key }.map { name, text in
      #"{"name": "\#(name)", "size": \#(text.utf8.count), "info": {}}"#
    }
    let entry = #"container entry (default) [[\"./Module\",{\"import\":[\"./src/Module.js\"]}]]"#
    let nested = remote.map { remote in
      #"""
      , {"chunks": [2], "id": "nested", "identifier": "remote (default) webpack/container/reference/\#(remote) ./Thing",
        "moduleType": "remote-module", "name": "remote \#(remote)/Thing", "reasons": [
        {"moduleIdentifier": "/src/Module.js", "moduleName": "./src/Module.js", "type": "harmony side effect evaluation",
         "userRequest": "\#(remote)/Thing", "loc": "1:0"}]},
      {"chunks": [1], "id": "webpack/container/reference/\#(remote)", "identifier": "external commonjs-module \"\#(remote)\"",
        "moduleType": "javascript/dynamic", "name": "external \"\#(remote)\"", "reasons": [
        {"moduleIdentifier": "remote (default) webpack/container/reference/\#(remote) ./Thing", "type": "remote to external",
         "userRequest": "webpack/container/reference/\#(remote)"}]}
      """#
    }
    return #"""
      {"version": "5.97.1", "hash": "1", "publicPath": "", "assets": [\#(assets.joined(separator: ","))],
       "chunks": [
         {"id": 1, "names": ["app"], "files": ["remoteEntry.js"], "auxiliaryFiles": [], "entry": true, "initial": true,
          "runtime": ["app"], "parents": [], "children": [2], "siblings": [], "origins": []},
         {"id": 2, "names": [], "files": ["module.js"], "auxiliaryFiles": [], "entry": false, "initial": false,
          "runtime": ["app"], "parents": [1], "children": [3], "siblings": [], "origins": [
          {"module": "\#(entry)", "moduleIdentifier": "\#(entry)", "moduleName": "container entry", "loc": "./Module"}]},
         {"id": 3, "names": [], "files": ["late.js"], "auxiliaryFiles": [], "entry": false, "initial": false,
          "runtime": ["app"], "parents": [2], "children": [], "siblings": [], "origins": [
          {"module": "/src/Module.js", "moduleIdentifier": "/src/Module.js", "moduleName": "./src/Module.js", "loc": "1:0-9"}]}],
       "modules": [
         {"chunks": [1], "id": "entry", "identifier": "\#(entry)", "moduleType": "javascript/dynamic",
          "name": "container entry", "reasons": []},
         {"chunks": [1], "id": null, "identifier": "webpack/runtime/readFile chunk loading", "moduleType": "runtime",
          "name": "webpack/runtime/readFile chunk loading", "reasons": []},
         {"chunks": [2], "id": "module", "identifier": "/src/Module.js", "moduleType": "javascript/auto",
          "name": "./src/Module.js", "reasons": [{"type": "container exposed", "loc": "./Module",
          "moduleIdentifier": "\#(entry)", "moduleName": "container entry", "userRequest": "./src/Module.js"}]}
         \#(nested ?? "")],
       "entrypoints": {"app": {"name": "app", "chunks": [1], "assets": [{"name": "remoteEntry.js"}]}},
       "namedChunkGroups": {"app": {"name": "app", "chunks": [1], "assets": [{"name": "remoteEntry.js"}]}},
       "errors": [], "warnings": []}
      """#
  }
}
