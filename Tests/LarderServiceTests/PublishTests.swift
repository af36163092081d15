import Crypto
import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite struct PublishTests {
  @Test("A build's files become a release that current names")
  func publishes() async throws {
    try await withService { fixture in
      let release = try await fixture.publish(Deploy(name: "nav"))
      #expect(release.current && release.name == "nav" && release.completeness == "exact")
      let variant = try #require(release.variants.first)
      #expect(variant.target == "async-node" && variant.webpack == "5.97.1")
      #expect(variant.entry == "remoteEntry.js" && variant.exposes == ["./Header"])
      #expect(variant.files == 5)
      let shown = try await fixture.service.showRemote("nav", for: fixture.peer)
      #expect(shown.current == release && shown.state == .complete && shown.urls.isEmpty)
    }
  }

  @Test(
    "A build without statistics is read by its entry, and its release says how far",
    arguments: [("1", "closed"), ("n.e(t).then(t)", "open")])
  func publishesCode(_ part: String, _ completeness: String) async throws {
    try await withService { fixture in
      let files = [
        "37.js": CodeBuild.chunk(part), "remoteEntry.js": CodeBuild.entry,
        "readme.txt": "",
      ]
      var named: [PublishMessage.File] = []
      for (path, text) in files.sorted(by: { $0.key < $1.key }) {
        let bytes = Array(text.utf8)
        named.append(
          .init(path: path, digest: try await fixture.put(bytes), size: ByteCount(bytes.count)))
      }
      let variant = PublishMessage.Variant(stats: nil, entry: "remoteEntry.js", files: named)
      let release = try await fixture.service.publish(
        PublishMessage.Request(name: "stall", variants: [variant]), for: fixture.peer)
      #expect(release.completeness == completeness && release.variants.first?.target == "web")
      #expect(release.variants.first?.exposes == ["./Fruit"] && release.variants.first?.files == 3)
      let nothing = PublishMessage.Variant(stats: nil, files: named)
      await #expect(throws: ServiceError.self) {
        try await fixture.service.publish(
          PublishMessage.Request(name: "stall", variants: [nothing]), for: fixture.peer)
      }
    }
  }

  @Test("The id is the documented hash of the sorted lines of all variants")
  func releaseID() async throws {
    try await withService { fixture in
      let node = Deploy(name: "nav")
      let web = Deploy(name: "nav", loading: "jsonp")
      let release = try await fixture.publish(node, web)
      var lines: [String] = []
      for (target, deploy) in [("async-node", node), ("web", web)] {
        for (path, bytes) in deploy.files {
          let digest = SHA256.hash(data: Data(bytes)).map { String(format: "%02x", $0) }.joined()
          lines.append("\(target)\t\(path)\t\(digest)\t\(bytes.count)\n")
        }
      }
      let hash = SHA256.hash(data: Data(lines.sorted().joined().utf8))
      let expected = hash.prefix(16).map { String(format: "%02x", $0) }.joined()
      #expect(release.release == expected)
      // The order of variants and of files plays no part.
      var variants = [try await fixture.variant(web), try await fixture.variant(node)]
      for index in variants.indices { variants[index].files.reverse() }
      let again = try await fixture.service.publish(
        PublishMessage.Request(name: "nav", variants: variants), for: fixture.peer)
      #expect(again.release == expected)
      let shown = try await fixture.service.showRemote("nav", for: fixture.peer)
      #expect(shown.releases.count == 1)
    }
  }

  /// What is wrong with a request, and what it is refused with.
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ServiceError.Code
    let subject: String?
    let spoil: @Sendable (inout PublishMessage.Request) -> Void
  }

  static let absent = Digest([UInt8](repeating: 7, count: 32))

  static let faults = [
    Fault(testDescription: "a blob that was not put", code: .notFound, subject: "header.js") {
      guard let absent else { return }
      $0.variants[0].files[0].digest = absent
    },
    Fault(testDescription: "a wrong size", code: .truncated, subject: "header.js") {
      $0.variants[0].files[0].size = ByteCount(1)
    },
    Fault(testDescription: "a path above the folder", code: .badRequest, subject: "../header.js") {
      $0.variants[0].files[0].path = "../header.js"
    },
    Fault(testDescription: "a path named twice", code: .badRequest, subject: "header.js") {
      $0.variants[0].files.append($0.variants[0].files[0])
    },
    Fault(testDescription: "statistics that were not put", code: .notFound, subject: "stats.json") {
      guard let absent else { return }
      $0.variants[0].stats = absent
    },
    Fault(testDescription: "statistics that are none", code: .invalidBuild, subject: "nav") {
      $0.variants[0].stats = $0.variants[0].files[0].digest
    },
    Fault(testDescription: "a missing file", code: .invalidBuild, subject: "header.js") {
      $0.variants[0].files.remove(at: 0)
    },
    Fault(testDescription: "a missing entry", code: .invalidBuild, subject: "remoteEntry.js") {
      $0.variants[0].files.removeAll { $0.path == "remoteEntry.js" }
    },
    Fault(testDescription: "a file of another chunk", code: .notJavaScript, subject: "header.js") {
      let route = $0.variants[0].files.first { $0.path == "route.js" }
      guard let route else { return }
      $0.variants[0].files[0].digest = route.digest
      $0.variants[0].files[0].size = route.size
    },
    Fault(testDescription: "two builds of one target", code: .invalidBuild, subject: nil) {
      $0.variants.append($0.variants[0])
    },
    Fault(testDescription: "no variant", code: .badRequest, subject: nil) { $0.variants = [] },
    Fault(testDescription: "a name that is none", code: .badRequest, subject: nil) {
      $0.name = "../nav"
    },
  ]

  @Test("A publish that cannot be whole changes nothing", arguments: faults)
  func refuses(fault: Fault) async throws {
    try await withService { fixture in
      let first = try await fixture.publish(Deploy(name: "nav", version: "0"))
      var request = PublishMessage.Request(
        name: "nav", variants: [try await fixture.variant(Deploy(name: "nav"))])
      fault.spoil(&request)
      let error = try await expectError(fault.code) {
        try await fixture.service.publish(request, for: fixture.peer)
      }
      if let subject = fault.subject { #expect(error.subject == subject) }
      let list = try await fixture.service.listRemotes(for: fixture.peer).remotes
      #expect(list.map(\.name) == ["nav"])
      #expect(list[0].releases == [first])
    }
  }

  @Test("HTML where the build has its entry is refused")
  func html() async throws {
    try await withService { fixture in
      var variant = try await fixture.variant(Deploy(name: "nav"))
      let page = Array("<html>".utf8)
      let place = try #require(variant.files.firstIndex { $0.path == "remoteEntry.js" })
      variant.files[place].digest = try await fixture.put(page)
      variant.files[place].size = ByteCount(page.count)
      try await expectError(.notJavaScript) {
        try await fixture.service.publish(
          PublishMessage.Request(name: "nav", variants: [variant]), for: fixture.peer)
      }
    }
  }

  @Test("Blobs of another realm cannot be published")
  func otherRealm() async throws {
    try await withService { fixture in
      let variant = try await fixture.variant(Deploy(name: "nav"))
      let other = try await fixture.service.capability(realm: "other")
      try await expectError(.notFound) {
        try await fixture.service.publish(
          PublishMessage.Request(name: "nav", variants: [variant]), for: other)
      }
    }
  }
}
