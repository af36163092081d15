import LarderCoding
import LarderCore
import LarderMessages
import LarderService
import Testing

@testable import LarderGateway

@Suite("An answer in a coding")
struct CodedAnswerTests {
  private static let style = Array(
    (0..<4_000).map { ".rule-\($0) { margin: \($0 % 97)px }" }.joined(separator: "\n").utf8)

  private static func publish(on gateway: TestGateway) async throws -> String {
    try await gateway.publish(
      "stall",
      [
        "remoteEntry.js": Array(FixedBuild.entry.utf8), "37.js": Array(FixedBuild.chunk.utf8),
        "style.css": style, "photo.webp": style,
      ]
    ).release
  }

  @Test("is the same content, with a tag of its own", arguments: ContentCoding.allCases)
  func coded(_ coding: ContentCoding) async throws {
    try await TestGateway.run { gateway in
      let path = "/remotes/stall@\(try await Self.publish(on: gateway))/style.css"
      let plain = try await gateway.get(path)
      #expect(plain.fields["content-encoding"] == nil && plain.body == Self.style)
      #expect(plain.fields["vary"] == "Origin, Accept-Encoding")

      let reply = try await gateway.get(path, "GET", "Accept-Encoding: \(coding.rawValue)")
      #expect(reply.status == 200 && reply.fields["content-encoding"] == coding.rawValue)
      #expect(reply.fields["vary"] == "Origin, Accept-Encoding")
      #expect(reply.fields["content-type"] == "text/css; charset=utf-8")
      #expect(reply.body.count < Self.style.count / 3)
      #expect(coding.decoded(reply.body, size: Self.style.count) == Self.style)
      let tag = try #require(reply.fields["etag"])
      #expect(tag != plain.fields["etag"])

      // Made once: again it is the same bytes.
      let again = try await gateway.get(
        path, "GET", "Accept-Encoding: \(coding.rawValue)", "If-None-Match: \(tag)")
      #expect(again.status == 304 && again.fields["etag"] == tag)
      let other = try await gateway.get(path, "GET", "If-None-Match: \(tag)")
      #expect(other.status == 200 && other.body == Self.style)
      let part = try await gateway.get(
        path, "GET", "Accept-Encoding: \(coding.rawValue)", "Range: bytes=1-9")
      #expect(part.status == 206 && part.body == Array(reply.body[1...9]))
      let head = try await gateway.get(path, "HEAD", "Accept-Encoding: \(coding.rawValue)")
      #expect(head.fields["content-length"] == "\(reply.body.count)")
      #expect(head.fields["content-encoding"] == coding.rawValue)
    }
  }

  @Test("is what saves most of what a browser accepts")
  func negotiated() async throws {
    try await TestGateway.run { gateway in
      let path = "/remotes/stall@\(try await Self.publish(on: gateway))/style.css"
      let reply = try await gateway.get(
        path, "GET", "Accept-Encoding: gzip, deflate, br, zstd")
      #expect(reply.fields["content-encoding"] == "br")
    }
  }

  @Test("of what has one inside, is small, or moves")
  func others() async throws {
    try await TestGateway.run { gateway in
      let release = try await Self.publish(on: gateway)
      for path in ["photo.webp", "37.js"] {
        let reply = try await gateway.get(
          "/remotes/stall@\(release)/\(path)", "GET", "Accept-Encoding: br")
        #expect(reply.status == 200 && reply.fields["content-encoding"] == nil)
        #expect(reply.fields["vary"] == "Origin")
      }
      let blob = try await gateway.put(Self.style)
      let bytes = try await gateway.get("/blobs/sha256/\(blob.hex)", "GET", "Accept-Encoding: br")
      #expect(bytes.body == Self.style)

      let script = try await gateway.get("/remotes/stall/remoteEntry.js")
      let coded = try await gateway.get(
        "/remotes/stall/remoteEntry.js", "GET", "Accept-Encoding: zstd")
      #expect(coded.fields["content-encoding"] == "zstd")
      #expect(coded.fields["cache-control"] == "private, no-cache")
      #expect(
        ContentCoding.zstd.decoded(coded.body, size: script.body.count) == script.body)
      // The entry says where its chunks are, and does not in the gateway.
      let entry = try await gateway.get("/remotes/stall@\(release)/remoteEntry.js")
      let codedEntry = try await gateway.get(
        "/remotes/stall@\(release)/remoteEntry.js", "GET", "Accept-Encoding: gzip")
      #expect(codedEntry.fields["content-encoding"] == nil || entry.body.count >= 1_024)
    }
  }

  @Test("is kept in the store, and believed there only for what it decodes to")
  func kept() async throws {
    try await TestGateway.run { gateway in
      let path = "/remotes/stall@\(try await Self.publish(on: gateway))/style.css"
      let source = try #require(try await gateway.get(path).fields["etag"]).dropFirst().dropLast()
      func entry(_ coding: ContentCoding) async throws -> Digest? {
        try await gateway.service.entry(
          KeyedMessage.Request(
            op: .get, namespace: "larder/content-coding", key: "\(coding.rawValue) \(source)"),
          for: gateway.peer, deliver: nil
        ).digest
      }
      let reply = try await gateway.get(path, "GET", "Accept-Encoding: gzip")
      #expect(try await "\"\(#require(entry(.gzip)).hex)\"" == reply.fields["etag"])

      // Whoever may write in the realm names something else.
      let other = try #require(ContentCoding.br.encoded(Array("alert('mine')".utf8)))
      let digest = try await gateway.put(other)
      _ = try await gateway.service.putEntry(
        KeyedMessage.Request(
          op: .put, namespace: "larder/content-coding", key: "br \(source)", digest: digest),
        for: gateway.peer)
      let honest = try await gateway.get(path, "GET", "Accept-Encoding: br")
      #expect(ContentCoding.br.decoded(honest.body, size: Self.style.count) == Self.style)
      #expect(try await entry(.br) != digest)
    }
  }
}
