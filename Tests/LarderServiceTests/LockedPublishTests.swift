import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import Testing

@testable import LarderService

@Suite("Publishing a locked build")
struct LockedPublishTests {
  static let texts = ["37.js": CodeBuild.chunk("1"), "remoteEntry.js": CodeBuild.entry]

  /// The files as they are put, and a lockfile that knows those of `locked` besides.
  private func variant(
    _ fixture: Fixture, texts: [String: String], locked: [String: String]
  ) async throws -> PublishMessage.Variant {
    func put(_ texts: [String: String]) async throws -> [PublishMessage.File] {
      var files: [PublishMessage.File] = []
      for (path, text) in texts.sorted(by: { $0.key < $1.key }) {
        let bytes = Array(text.utf8)
        let digest = try await fixture.put(bytes)
        files.append(.init(path: path, digest: digest, size: ByteCount(bytes.count)))
      }
      return files
    }
    let entries = BuildFiles(
      paths: { locked.keys.sorted() }, read: { locked[$0].map { Array($0.utf8) } })
    let lock = Lockfile(
      containers: try BuildImport(entries).wholeContainers(),
      files: try await put(locked).map {
        .init(path: $0.path, digest: $0.digest, size: $0.size.value)
      })
    let json = String(decoding: try JSONEncoder().encode(lock), as: UTF8.self)
    let all = texts.merging([Lockfile.fileName: json]) { $1 }
    return .init(stats: nil, entry: Lockfile.fileName, files: try await put(all))
  }

  private func publish(
    _ fixture: Fixture, _ variant: PublishMessage.Variant
  ) async throws -> ReleaseMessage {
    try await fixture.service.publish(
      PublishMessage.Request(name: "stall", variants: [variant]), for: fixture.peer)
  }

  @Test("takes all that the lockfile lists, and knows every file")
  func whole() async throws {
    try await withService { fixture in
      let variant = try await variant(fixture, texts: Self.texts, locked: Self.texts)
      let release = try await publish(fixture, variant)
      #expect(release.completeness == "exact")
      #expect(release.variants.first?.exposes == ["./Fruit"])
      #expect(release.variants.first?.files == 3)
    }
  }

  @Test(
    "refuses another file in place of one, and one besides",
    arguments: [
      ["37.js": CodeBuild.chunk("2")], ["more.js": "1"],
    ])
  func differing(_ change: [String: String]) async throws {
    try await withService { fixture in
      let texts = Self.texts.merging(change) { $1 }
      let variant = try await variant(fixture, texts: texts, locked: Self.texts)
      await #expect {
        try await publish(fixture, variant)
      } throws: { error in
        (error as? ServiceError)?.code == .integrityMismatch
      }
    }
  }
}
