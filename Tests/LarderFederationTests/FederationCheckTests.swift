import LarderCore
import Testing

@testable import LarderFederation

@Suite("Containers that are held against each other")
struct FederationCheckTests {
  private static func container(
    _ name: String, uniqueName: String? = nil, provides: [ProvideFacts] = [],
    consumes: [ConsumeFacts] = [], exposes: [String] = [], imports: [(String, String)] = [],
    target: ContainerTarget = .web, files: [CheckedContainer.File] = []
  ) -> CheckedContainer {
    let facts = ContainerFacts(
      name: name, uniqueName: uniqueName, target: target,
      exposes: exposes.map { ExposeFacts(name: $0, chunks: []) }, provides: provides,
      consumes: consumes,
      remotes: imports.map { remote, expose in
        RemoteFacts(
          module: "\(remote)\(expose)", expose: expose,
          locations: [RemoteLocation(type: "script", location: "\(remote)@http://o.test/e.js")],
          chunks: [])
      }, chunks: [ChunkFacts(id: "lib", files: ["lib.js"])])
    return CheckedContainer(name: name, facts: facts, files: files)
  }

  private static func provide(
    _ version: String, key: String = "lib", eager: Bool = false
  ) -> ProvideFacts {
    ProvideFacts(key: key, version: version, eager: eager, chunks: eager ? [] : ["lib"])
  }

  private static func consume(
    _ range: String?, key: String = "lib", singleton: Bool = false, strict: Bool = false,
    eager: Bool = false, copy: String? = nil
  ) -> ConsumeFacts {
    ConsumeFacts(
      module: key, key: key, range: range, strict: strict, singleton: singleton, eager: eager,
      fallback: copy.map { FallbackFacts(version: $0, chunks: ["lib"]) }, chunks: [])
  }

  private static func found(_ containers: CheckedContainer...) -> [String] {
    FederationCheck(containers).findings().map { finding in
      ([finding.level.rawValue, finding.rule.rawValue, finding.subject ?? ""] + finding.containers)
        .joined(separator: " ")
    }
  }

  @Test("Those that agree give no finding")
  func agreement() {
    #expect(
      Self.found(
        Self.container("a", provides: [Self.provide("1.2.0")], consumes: [Self.consume("^1.0.0")]),
        Self.container(
          "b", provides: [Self.provide("1.2.0")],
          consumes: [Self.consume("^1.1.0", singleton: true)])) == [])
  }

  @Test("A range that nobody meets is an error, a warning or a copy, as the build has it")
  func conflict() {
    let other = Self.container("b", provides: [Self.provide("2.0.0")])
    func ask(_ consume: ConsumeFacts) -> [String] {
      Self.found(Self.container("a", consumes: [consume]), other)
    }
    #expect(ask(Self.consume("^1.0.0", strict: true)) == ["error conflict lib a b"])
    #expect(ask(Self.consume("^1.0.0")) == ["warning conflict lib a b"])
    #expect(ask(Self.consume("^1.0.0", strict: true, copy: "1.0.0")) == ["note conflict lib a b"])
    #expect(Self.found(Self.container("a", consumes: [Self.consume("^1.0.0")])).count == 1)
  }

  @Test("A singleton that depends on who came first is told with whom, once it is out of range")
  func singletons() {
    let old = Self.container(
      "old", provides: [Self.provide("1.0.0")], consumes: [Self.consume("*", singleton: true)])
    let new = { (strict: Bool) in
      Self.container(
        "new", provides: [Self.provide("2.0.0")],
        consumes: [Self.consume("^2.0.0", singleton: true, strict: strict)])
    }
    let differ = "note singletonsDiffer lib old new"
    #expect(Self.found(old, new(false)) == ["warning singletonsDiffer lib new old", differ])
    #expect(Self.found(old, new(true)) == ["error singletonsDiffer lib new old", differ])
  }

  @Test("An eager consumer needs an eager provider of its own")
  func eager() {
    let eager = Self.consume("^1.0.0", eager: true)
    let alone = Self.container("a", provides: [Self.provide("1.0.0")], consumes: [eager])
    let other = Self.container("b", provides: [Self.provide("1.0.0", eager: true)])
    let own = Self.container(
      "a", provides: [Self.provide("1.0.0", eager: true)], consumes: [eager])
    #expect(Self.found(alone) == ["error eagerWithoutProvider lib a"])
    #expect(Self.found(alone, other) == ["warning eagerWithoutProvider lib a b"])
    #expect(Self.found(own) == [])
  }

  @Test("Version 0, parts of packages and equal names are told")
  func names() {
    #expect(
      Self.found(Self.container("a", provides: [Self.provide("0")]))
        == ["warning unknownVersion lib a"])
    let whole = Self.container("a", provides: [Self.provide("1.0.0", key: "@x/lib")])
    let part = Self.container(
      "b",
      provides: [Self.provide("1.0.0", key: "@x/lib"), Self.provide("1.0.0", key: "@x/lib/client")])
    #expect(Self.found(whole, part) == ["note unsharedSubpath @x/lib/client a b"])
    #expect(
      Self.found(Self.container("a", uniqueName: "x"), Self.container("b", uniqueName: "x"))
        == ["warning equalUniqueNames x a b"])
  }

  @Test("An import of what another does not expose is an error, one from elsewhere is noted")
  func references() {
    let host = Self.container("host", imports: [("nav", "./Header"), ("nav", "./Footer")])
    let nav = Self.container("nav", exposes: ["./Header"])
    #expect(Self.found(host, nav) == ["error missingExpose ./Footer host nav"])
    #expect(Self.found(host) == ["note uncheckedRemote nav host"])
  }

  @Test("Equal files count, but for those of shared packages and those that only tools read")
  func bytes() throws {
    let digest = try #require(Digest(hex: String(repeating: "a", count: 64)))
    func files(_ path: String) -> [CheckedContainer.File] {
      [CheckedContainer.File(path: path, digest: digest, size: 2048)]
    }
    func both(_ path: String) -> [String] {
      Self.found(
        Self.container("a", provides: [Self.provide("1.0.0")], files: files(path)),
        Self.container("b", provides: [Self.provide("1.0.0")], files: files(path)))
    }
    #expect(both("own.js") == ["note duplicateBytes own.js a b"])
    #expect(both("lib.js") == [])
    #expect(both("own.js.map") == [])
  }

  @Test("Builds of different targets never meet")
  func targets() {
    #expect(
      Self.found(
        Self.container("a", consumes: [Self.consume("^1.0.0", strict: true)]),
        Self.container("b", provides: [Self.provide("2.0.0")], target: .asyncNode))
        == ["error conflict lib a"])
  }
}
