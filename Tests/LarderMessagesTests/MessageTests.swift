import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import Testing

@Suite("The JSON bodies")
struct MessageTests {
  private static let digest = String(repeating: "ab", count: 32)

  private func decode<Body: Decodable>(_ type: Body.Type, _ text: String) throws -> Body {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  private func encode(_ body: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(body), as: UTF8.self)
  }

  @Test("are read as docs/protocol.md shows them, with members skipped that nobody knows")
  func requests() throws {
    let hello = try decode(
      HelloMessage.Request.self, #"{"protocol": [1, 1], "client": "larder/0.1.0", "new": {}}"#)
    #expect(hello.protocol == [1, 1])
    let ensure = try decode(
      EnsureMessage.Request.self, #"{"url": "https://a.example/b", "bytes": true}"#)
    #expect(ensure.bytes == true && ensure.integrity == nil)
    let open = try decode(
      SessionMessage.Open.self,
      #"""
      {"session": 1, "host": {"name": "shell", "uniqueName": "shell", "target": "async-node",
        "ruleSet": "webpack", "remotes": ["nav"], "shared": [{"scope": "default", "key": "react",
        "version": "18.1.0", "from": "shell", "eager": false, "loaded": false}]},
        "releases": {"nav": "0123"}}
      """#)
    #expect(open.host.remotes == ["nav"])
    #expect(open.host.shared == [HostShare(key: "react", version: "18.1.0", from: "shell")])
    #expect(open.releases == ["nav": "0123"])
    let bare = try decode(SessionMessage.Open.self, #"{"session": 2, "host": {"name": "x"}}"#)
    #expect(bare.host.uniqueName == "x" && bare.host.ruleSet == .webpack && bare.releases == nil)
    let plan = try decode(
      PlanMessage.Request.self,
      #"""
      {"session": 1, "requests": [{"remote": "nav", "expose": "./Header"}],
        "consumes": [{"key": "react", "requiredVersion": "^18.0.0", "singleton": true}]}
      """#)
    #expect(plan.requests == [PlanRequest(remote: "nav", expose: "./Header")])
    #expect(plan.consumes?.first?.singleton == true)
    let publish = try decode(
      PublishMessage.Request.self,
      #"{"name": "nav", "variants": [{"stats": "\#(Self.digest)", "files": [{"path": "a.js", "#
        + #""digest": "\#(Self.digest)", "size": 1}]}]}"#)
    #expect(publish.variants[0].files[0].size == ByteCount(1 as Int64))
  }

  @Test("are written with stable names")
  func replies() throws {
    let digest = try #require(Digest(hex: Self.digest))
    #expect(
      try encode(
        EnsureMessage.Reply(
          digest: digest, size: ByteCount(7 as Int64), source: .store, verified: true, stale: false)
      ) == #"{"digest":"\#(Self.digest)","size":7,"source":"store","stale":false,"verified":true}"#)
    #expect(
      try encode(ErrorMessage(code: "notFound", message: "m", remedy: nil, subject: "s"))
        == #"{"code":"notFound","message":"m","subject":"s"}"#)
    #expect(
      try encode(SessionMessage.Opened(session: 3, releases: ["nav": "01"]))
        == #"{"releases":{"nav":"01"},"session":3}"#)
    #expect(
      try encode(
        OpenMessage.Head(
          plan: nil,
          files: [.init(container: "nav", path: "a.js", digest: digest, size: .zero)],
          blobs: [BlobStat(digest: digest, size: .zero)]))
        == #"{"blobs":[{"digest":"\#(Self.digest)","size":0}],"files":[{"container":"nav","#
        + #""digest":"\#(Self.digest)","path":"a.js","size":0}]}"#)
  }

  @Test(
    "are refused where a value cannot be",
    arguments: [
      #"{"stats": "\#(digest)", "files": [{"path": "a", "digest": "abc", "size": 1}]}"#,
      #"{"stats": "\#(digest)", "files": [{"path": "a", "digest": "\#(digest)", "size": -1}]}"#,
      #"{"stats": "\#(digest)"}"#,
      #"{"files": []}"#,
    ])
  func refusals(_ text: String) {
    #expect(throws: DecodingError.self) { try decode(PublishMessage.Variant.self, text) }
  }

  @Test("name every operation on remotes", arguments: RemoteMessage.Operation.allCases)
  func operations(_ operation: RemoteMessage.Operation) throws {
    let request = try decode(RemoteMessage.Request.self, #"{"op": "\#(operation.rawValue)"}"#)
    #expect(request.op == operation)
  }
}
