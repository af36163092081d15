import Foundation
import LarderClient

/// Minifies files, each content once on this machine: `client-example FILE…`.
@main
struct Example {
  static func main() async throws {
    let client = LarderClient(
      environment: ProcessInfo.processInfo.environment, options: .init(name: "example/1"))
    try await withThrowingTaskGroup(of: String.self) { group in
      for file in CommandLine.arguments.dropFirst() {
        group.addTask {
          let source = try Data(contentsOf: URL(filePath: file))
          return "\(file): \(try await minify(Array(source), with: client))"
        }
      }
      for try await line in group { print(line) }
    }
  }

  /// Finds what was made of this source before, or makes it and keeps it.
  static func minify(_ source: [UInt8], with client: LarderClient) async throws -> String {
    do throws(ClientError) {
      let key = "v1 \(try await client.put(source).digest)"
      if let entry = try await client.entry(for: key, in: "example/minified"),
        let result = try await client.map(entry.digest)
      {
        return "\(result.byteCount) bytes, made before"
      }
      let stored = try await client.put(minified(source))
      try await client.setEntry(stored.digest, for: key, in: "example/minified")
      return "\(stored.sizeBytes) bytes, stored"
    } catch {
      guard error.isUnavailable else { throw error }
      return "\(minified(source).count) bytes, and no daemon to keep them"
    }
  }

  static func minified(_ source: [UInt8]) -> [UInt8] { source.filter { $0 != UInt8(ascii: " ") } }
}
