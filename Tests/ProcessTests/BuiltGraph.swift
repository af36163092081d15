import Foundation
import LarderCore
import Testing

/// One of the graph vectors as a real webpack built it, for node, in a cache outside the checkout.
struct BuiltGraph: Sendable {
  /// The folder that holds one folder for each container.
  let folder: URL

  /// The repository.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let vectors =
    root.appending(path: "Tests/LarderFederationTests/Vectors/federation-vectors.json")

  /// Built once; later tests, and later runs, find it.
  private static let built = Result { () -> URL in
    let outcome = try Outcome.of(
      root.appending(path: "Tests/Fixtures/build").path,
      ["graphs", "--vectors", vectors.path])
    try #require(outcome.status == 0, "run 'make prepare' first: \(outcome)")
    return URL(filePath: outcome.text.trimmingCharacters(in: .newlines))
  }

  /// host -> b -> c: `b` exposes `./B`, which imports `c/C`, each with one chunk.
  static func nested() throws -> BuiltGraph {
    BuiltGraph(folder: try built.get().appending(path: "dist/G02"))
  }

  func container(_ name: String) -> URL { folder.appending(path: name) }

  /// The files of a container's build, `stats.json` among them.
  func files(of name: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for file in try FileManager.default.contentsOfDirectory(
      at: container(name), includingPropertiesForKeys: nil)
    {
      files[file.lastPathComponent] = Array(try Data(contentsOf: file))
    }
    return files
  }
}
