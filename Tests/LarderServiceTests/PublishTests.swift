import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import LarderService
import Testing

@Suite("Publishing")
struct PublishTests {
  @Test("makes a release of blobs that are there, and points current at it")
  func publishes() async throws {
    try await TestService.run { test in
      let first = try await test.publish(SmallBuild("one"))
      #expect(first.current && first.completeness == "exact" && first.release.count == 32)
      #expect(first.variants.map(\.target) == ["async-node"])
      #expect(first.variants[0].exposes == ["./Module"] && first.variants[0].files == 3)
      let second = try await test.publish(SmallBuild("two"))
      let shown = try await test.service.showRemote("app", for: test.peer)
      #expect(shown.current?.release == second.release && shown.state == .complete)
      #expect(shown.releases.map(\.release) == [second.release, first.release])
    }
  }

  @Test("gives equal builds one id, and others another")
  func identity() async throws {
    try await TestService.run { test in
      let one = try await test.publish(SmallBuild("one"))
      let again = try await test.publish(SmallBuild("one"), as: "other-name")
      let other = try await test.publish(SmallBuild("two"))
      #expect(one.release == again.release && one.release != other.release)
    }
  }

  @Test("takes nothing of a build that is not whole")
  func refusals() async throws {
    try await TestService.run { test in
      var request = try test.request(SmallBuild("one"))
      request.variants[0].files.removeAll { $0.path == "module.js" }
      await expect(.invalidBuild, naming: "module.js", from: request, test)

      request = try test.request(SmallBuild("one"))
      request.variants[0].files.removeAll { $0.path == "remoteEntry.js" }
      await expect(.invalidBuild, naming: "remoteEntry.js", from: request, test)

      request = try test.request(SmallBuild("one"))
      let other = try test.put("module.exports = 'not what was built';")
      request.variants[0].files.removeAll { $0.path == "module.js" }
      request.variants[0].files.append(
        .init(path: "module.js", digest: other.digest, size: other.size))
      await expect(.truncated, naming: "module.js", from: request, test)

      request.variants[0].files[2].size = ByteCount(1 as Int64)
      await expect(.truncated, naming: "module.js", from: request, test)

      request = try test.request(SmallBuild("one"))
      request.variants[0].files[0].path = "../escape.js"
      await expect(.badRequest, naming: "../escape.js", from: request, test)

      var html = SmallBuild("one")
      html.files["remoteEntry.js"] = "  <!doctype html><p>Not here</p>"
      await expect(.notJavaScript, naming: "remoteEntry.js", from: try test.request(html), test)

      request = try test.request(SmallBuild("one"))
      request.variants[0].stats = try test.put("{}").digest
      await expect(.invalidBuild, naming: "statistics", from: request, test)

      request = try test.request(SmallBuild("one"))
      request.variants.append(request.variants[0])
      await expect(.invalidBuild, naming: "async-node", from: request, test)

      #expect(try await test.service.listRemotes(for: test.peer).remotes.isEmpty)
    }
  }

  @Test("goes back to the release before, and to any that is kept")
  func channels() async throws {
    try await TestService.run { test in
      let first = try await test.publish(SmallBuild("one")).release
      let second = try await test.publish(SmallBuild("two")).release
      let back = try await test.service.rollBack("app", for: test.peer)
      #expect(back.current?.release == first)
      let forward = try await test.service.setChannel(
        "current", to: second, of: "app", for: test.peer)
      #expect(forward.current?.release == second)
      await #expect(throws: ServiceError.self) {
        _ = try await test.service.setChannel("current", to: "zz", of: "app", for: test.peer)
      }
    }
  }

  private func expect(
    _ code: ServiceError.Code, naming name: String, from request: PublishMessage.Request,
    _ test: TestService, location: SourceLocation = #_sourceLocation
  ) async {
    do {
      _ = try await test.service.publish(request, for: test.peer)
      Issue.record("published", sourceLocation: location)
    } catch {
      #expect(error.code == code, "\(error)", sourceLocation: location)
      #expect(error.message.contains(name), "\(error)", sourceLocation: location)
    }
  }
}
