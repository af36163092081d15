import Foundation
import LarderCore
import Testing

@testable import LarderFederation

@Suite("A lockfile as a source of facts")
struct LockfileImporterTests {
  static let digest = String(repeating: "ab", count: 32)

  static func files(_ text: String) -> BuildFiles { BuildFiles([Lockfile.fileName: text]) }

  static func text(_ lock: Lockfile) throws -> String {
    String(decoding: try JSONEncoder().encode(lock), as: UTF8.self)
  }

  @Test("is believed before all others, and its list is all files with their digests")
  func facts() throws {
    var facts = ContainerFacts(
      name: "nav", assets: [AssetFacts(name: "a.js", size: 3, immutable: true)])
    facts.reading = Reading(source: .code, unknown: [UnknownFact(.order, "not told")])
    facts.reading?.completeness = .open
    let digest = try #require(Digest(hex: Self.digest))
    let lock = Lockfile(
      containers: [facts],
      files: [
        .init(path: "remoteEntry.js", digest: digest, size: 7),
        .init(path: "a.js", digest: digest, size: 4),
      ])
    let found = try BuildImport(Self.files(Self.text(lock))).containers()
    let container = try #require(found.first?.facts)
    #expect(container.reading?.source == .lockfile)
    #expect(container.reading?.file == Lockfile.fileName)
    #expect(container.reading?.completeness == .exact)
    #expect(container.reading?.leavesOpen(.order) == true)
    #expect(container.assets.map(\.name) == ["a.js", "remoteEntry.js"])
    #expect(container.assets.map(\.size) == [4, 7])
    #expect(container.assets.map(\.immutable) == [true, false])
    #expect(container.assets.allSatisfy { $0.digest == digest })
  }

  @Test(
    "that is damaged, of another format or of nothing is refused",
    arguments: [
      (#"{"format": 2, "containers": {}, "files": 7}"#, "has format 2"),
      (#"{"format": 1, "containers": 3, "files": []}"#, "'containers' has another shape"),
      (#"{"format": 1, "containers": [], "files": []}"#, "lacks a container"),
      (#"{"format": 1, "containers": [], "files": [}"#, "not JSON"),
    ])
  func refusals(_ text: String, message: String) {
    #expect { try BuildImport(Self.files(text)).containers(at: Lockfile.fileName) } throws: {
      error in
      (error as? ImportError)?.message.contains(message) == true
    }
  }

  @Test("lists each file once, and the entry among them")
  func files() throws {
    let digest = try #require(Digest(hex: Self.digest))
    let entry = Lockfile.File(path: "remoteEntry.js", digest: digest, size: 1)
    for files in [[], [entry, entry]] {
      let text = try Self.text(Lockfile(containers: [ContainerFacts(name: "nav")], files: files))
      #expect(throws: ImportError.self) { try BuildImport(Self.files(text)).containers() }
    }
  }
}
