import Crypto
import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import OriginRig
import Testing

@testable import LarderService

@Suite("Remotes by what other tools write of them") struct ImportTests {
  private func followed(
    _ fixture: Fixture, _ url: String
  ) async throws -> RemoteMessage.Remote {
    _ = try await fixture.service.addRemote("stall", urls: [url], for: fixture.peer)
    return try await fixture.service.updateRemote("stall", for: fixture.peer)
  }

  /// A manifest of `CodeBuild`, as the plugins of Module Federation 2 write it.
  private static let manifest = """
    {"id":"stall","name":"stall","metaData":{"name":"stall","type":"app","remoteEntry":{"name":"remoteEntry.js","path":\
    "","type":"global"},"types":{"path":"","name":"","zip":"@mf-types.zip","api":""},"globalName":"stall","publicPath":\
    "auto"},"shared":[],"remotes":[],"exposes":[{"id":"stall:Fruit","name":"Fruit","path":"./Fruit","assets":{"js":\
    {"sync":["37.js"],"async":["later.js"]},"css":{"sync":[],"async":[]}}}]}
    """

  @Test(
    "A manifest of Module Federation 2 leads to a release", arguments: ["", "mf-manifest.json"])
  func manifest(_ file: String) async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/stall/mf-manifest.json", Self.manifest)
      origin.set("/stall/remoteEntry.js", CodeBuild.entry)
      origin.set("/stall/37.js", CodeBuild.chunk("n.p+\"a.svg\""))
      origin.set("/stall/a.svg", "<svg/>")
      origin.set("/stall/later.js", "1")
      origin.set("/stall/@mf-types.zip", "PK")
      let made = try await followed(fixture, origin.http.url("/stall/\(file)"))
      #expect(made.state == .complete && made.current?.completeness == "closed")
      let contents = try await fixture.service.contents(
        of: "stall", release: nil, channel: nil, for: fixture.peer)
      let variant = try #require(contents.variants.first)
      #expect(
        variant.files.map(\.path) == [
          "37.js", "@mf-types.zip", "a.svg", "later.js", "mf-manifest.json", "remoteEntry.js",
        ])
      #expect(variant.facts.reading?.source == .manifest)
      #expect(variant.facts.reading?.others == [.code])
      #expect(variant.facts.reading?.disagreements == nil)
      // Each file is fetched once, and an update without a deploy fetches none.
      #expect(origin.counts["/stall/37.js"] == 1)
      #expect(
        try await fixture.service.updateRemote("stall", for: fixture.peer).current == made.current)
      #expect(origin.counts["/stall/37.js"] == 1)
    }
  }

  @Test("Where a manifest and the code disagree, whoever adds the remote is told")
  func warnings() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      let manifest = Self.manifest.replacing("./Fruit", with: "./Bread")
      origin.set("/stall/mf-manifest.json", manifest)
      origin.set("/stall/remoteEntry.js", CodeBuild.entry)
      origin.set("/stall/37.js", CodeBuild.chunk("1"))
      let added = try await fixture.service.addRemote(
        "stall", urls: [origin.http.url("/stall")], for: fixture.peer)
      #expect(
        added.warnings == [
          "exposes ./Bread: listed (mf-manifest), nothing (code)",
          "exposes ./Fruit: nothing (mf-manifest), listed (code)",
        ])
    }
  }

  @Test("A remote of Native Federation is held to the integrity values of its build")
  func nativeFederation() async throws {
    try await withService { fixture in
      let code = "export const fruit=1;"
      let hash = Data(SHA384.hash(data: Data(code.utf8))).base64EncodedString()
      let origin = try await DeployOrigin()
      origin.set(
        "/stall/remoteEntry.json",
        """
        {"name":"stall","exposes":[{"key":"./Fruit","outFileName":"Fruit.js"}],"shared":[],\
        "integrity":{"Fruit.js":"sha384-\(hash)"}}
        """)
      origin.set("/stall/Fruit.js", code)
      let url = origin.http.url("/stall/remoteEntry.json")
      let made = try await followed(fixture, url)
      #expect(made.current?.variants.map(\.target) == ["module"])
      #expect(made.current?.completeness == "closed")
      origin.set("/stall/Fruit.js", code + " ")
      try await expectError(.integrityMismatch) {
        try await fixture.service.addRemote("other", urls: [url], for: fixture.peer)
      }
    }
  }

  @Test("A publication is held to them, too")
  func publication() async throws {
    try await withService { fixture in
      let entry = """
        {"name":"stall","exposes":[{"key":"./Fruit","outFileName":"Fruit.js"}],"shared":[],\
        "integrity":{"Fruit.js":"sha256-AAAA"}}
        """
      func publish(_ entry: String) async throws {
        var files: [PublishMessage.File] = []
        for (path, text) in ["remoteEntry.json": entry, "Fruit.js": "1"] {
          let bytes = Array(text.utf8)
          files.append(
            .init(path: path, digest: try await fixture.put(bytes), size: ByteCount(bytes.count)))
        }
        _ = try await fixture.service.publish(
          .init(
            name: "stall",
            variants: [.init(stats: nil, entry: "remoteEntry.json", files: files)]),
          for: fixture.peer)
      }
      try await expectError(.invalidBuild) { try await publish(entry) }
      let other = Data(SHA256.hash(data: Data("2".utf8))).base64EncodedString()
      try await expectError(.integrityMismatch) {
        try await publish(entry.replacing("AAAA", with: other))
      }
      let own = Data(SHA256.hash(data: Data("1".utf8))).base64EncodedString()
      try await publish(entry.replacing("AAAA", with: own))
    }
  }
}
