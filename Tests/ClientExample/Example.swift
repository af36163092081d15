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
          return "\(file): \(try await minified(source, with: client))"
        }
      }
      for try await line in group { print(line) }
    }
  }

  /// What is there is mapped: no byte of it is copied, however large it is.
  static func minified(_ source: Data, with client: LarderClient) async throws -> String {
    let key = source.base64EncodedString().suffix(64)
    if let entry = try await client.entry(for: "v1 \(key)", in: "example/minified"),
      let blob = try await client.map(entry.digest)
    {
      return "\(blob.byteCount) bytes, made before"
    }
    let result = Array(source.filter { $0 != UInt8(ascii: " ") })
    do throws(ClientError) {
      let stored = try await client.put(result)
      try await client.setEntry(stored.digest, for: "v1 \(key)", in: "example/minified")
      return "\(result.count) bytes, stored"
    } catch {
      guard error.isUnavailable else { throw error }
      return "\(result.count) bytes, and no daemon to keep them"
    }
  }
}
