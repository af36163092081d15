import Foundation
import SystemPackage
import Testing

@testable import LarderGateway

@Suite("Overrides of a user, as pages follow them")
struct OverridesTests {
  /// What is read of a file with this text.
  private func entries(_ text: String) async throws -> [String: String] {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-overrides-\(UUID().uuidString)")
    try text.write(to: file, atomically: true, encoding: .utf8)
    // What is left behind in the temporary folder does no harm.
    defer { try? FileManager.default.removeItem(at: file) }
    return try await Overrides(at: FilePath(file.path)).entries()
  }

  @Test(
    "A place is an entry's URL, or that of the folder where it has the usual name",
    arguments: [
      ("http://localhost:3001", "http://localhost:3001/remoteEntry.js"),
      ("http://localhost:3001/nav/", "http://localhost:3001/nav/remoteEntry.js"),
      ("https://dev.example/nav?v=1", "https://dev.example/nav/remoteEntry.js"),
      ("http://localhost:3001/entry.js?v=1", "http://localhost:3001/entry.js?v=1"),
      ("http://localhost:3001/entry.mjs", "http://localhost:3001/entry.mjs"),
      ("/home/me/nav/dist", nil), ("file:///home/me/nav/dist/", nil),
    ])
  func places(_ place: String, _ entry: String?) async throws {
    let found = try await entries("{\"format\":1,\"remotes\":{\"nav\":\"\(place)\"}}")
    #expect(found == entry.map { ["nav": $0] } ?? [:])
  }

  @Test("No file overrides nothing")
  func none() async throws {
    #expect(try await Overrides(at: nil).entries() == [:])
    #expect(try await Overrides(at: "/nonexistent/overrides.json").entries() == [:])
    #expect(try await Overrides(at: "/dev/null/overrides.json").entries() == [:])
  }

  @Test(
    "What nobody wrote so is refused, and named",
    arguments: [
      "", "[]", "{\"format\":2,\"remotes\":{}}", "{\"format\":1,\"remotes\":{\"nav\":1}}",
      "{\"format\":1,\"remotes\":{}}" + String(repeating: " ", count: 1 << 20),
    ])
  func refused(_ text: String) async throws {
    let refusal = await #expect(throws: Refusal.self) { try await entries(text) }
    #expect(refusal?.message.contains("larder-overrides-") == true)
    #expect(refusal?.remedy?.contains("larder override") == true)
  }
}
