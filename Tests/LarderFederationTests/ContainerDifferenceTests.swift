import LarderCore
import Testing

@testable import LarderFederation

@Suite("What one build has otherwise than another")
struct ContainerDifferenceTests {
  private static func build(
    _ expose: String, version: String, range: String, digits: Character,
    target: ContainerTarget = .web
  ) throws -> CheckedContainer {
    let facts = ContainerFacts(
      name: "nav", webpackVersion: "5.97.1", target: target,
      exposes: [ExposeFacts(name: "./Header", chunks: []), ExposeFacts(name: expose, chunks: [])],
      provides: [ProvideFacts(key: "lib", version: version, chunks: [])],
      consumes: [ConsumeFacts(module: "1", key: "lib", range: range, singleton: true, chunks: [])])
    let same = try #require(Digest(hex: String(repeating: "0", count: 64)))
    let own = try #require(Digest(hex: String(repeating: digits, count: 64)))
    return CheckedContainer(
      name: "nav", facts: facts,
      files: [
        .init(path: "remoteEntry.js", digest: own, size: 100),
        .init(path: "same.js", digest: same, size: 7),
      ])
  }

  @Test("Modules, versions, ranges and files are told by name, what is alike is not")
  func changes() throws {
    let difference = ContainerDifference(
      from: try Self.build("./Old", version: "1.0.0", range: "^1.0.0", digits: "a"),
      to: try Self.build("./New", version: "1.1.0", range: "^1.1.0", digits: "b"))
    #expect(
      difference.exposes == [
        .init(name: "./New", before: nil, after: "exposed"),
        .init(name: "./Old", before: "exposed", after: nil),
      ])
    #expect(difference.provides == [.init(name: "lib", before: "1.0.0", after: "1.1.0")])
    #expect(
      difference.consumes == [
        .init(
          name: "lib", before: "^1.0.0 singleton no copy", after: "^1.1.0 singleton no copy")
      ])
    #expect(difference.files.map(\.name) == ["remoteEntry.js"])
    #expect(difference.build.isEmpty && difference.remotes.isEmpty && !difference.isOfBytesAlone)
    #expect(
      (difference.bytesBefore, difference.bytesAfter, difference.newBytes) == (107, 107, 100))
  }

  @Test("A build that is new or gone is compared with nothing")
  func targets() throws {
    let web = try Self.build("./X", version: "1.0.0", range: "*", digits: "a")
    let node = try Self.build("./X", version: "1.0.0", range: "*", digits: "a", target: .asyncNode)
    let differences = [ContainerDifference].between([web, node], [web])
    #expect(differences.map(\.target) == [.web, .asyncNode])
    #expect(differences[0].isOfBytesAlone && differences[0].files.isEmpty)
    #expect(differences[1].exposes.allSatisfy { $0.after == nil } && differences[1].bytesAfter == 0)
  }
}
