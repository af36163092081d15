import Foundation
import Testing

@testable import LarderFederation

@Suite("Import of webpack statistics")
struct StatsImporterTests {
  private static let releases = ["5.75", "5.97"]

  /// The facts of the build for `target` out of a build of several configurations.
  private func nav(_ release: String, _ target: ContainerTarget) throws -> ContainerFacts {
    let all = try StatsImporter().containers(in: StatsFixture.data("nav-\(release)"))
    return try #require(all.first { $0.target == target })
  }

  @Test("A build of several configurations gives one container each", arguments: releases)
  func configurations(_ release: String) throws {
    let all = try StatsImporter().containers(in: StatsFixture.data("nav-\(release)"))
    #expect(all.map(\.target) == [.web, .asyncNode])
    #expect(all.allSatisfy { $0.name == "nav" && $0.shareScope == "default" })
    #expect(all.allSatisfy { $0.webpackVersion.hasPrefix(release) && $0.publicPath == "auto" })
    #expect(all.allSatisfy { $0.ruleSet == (release == "5.75" ? .webpack575 : .webpack) })
    #expect(all.allSatisfy { $0.entry == "remoteEntry.js" && $0.entryPrerequisites.isEmpty })
  }

  @Test("An exposed module's chunks and what it executes come out in order", arguments: releases)
  func exposes(_ release: String) throws {
    let facts = try nav(release, .asyncNode)
    #expect(facts.exposes.map(\.name) == ["./Header", "./Plain"])
    let header = try #require(facts.exposes.first)
    let needs = header.executes.map { step in
      switch step {
      case .shared(let module): facts.consumes.first { $0.module == module }?.key
      case .remote(let module): facts.remotes.first { $0.module == module }?.expose
      }
    }
    // deep.js imports the cart, then helper.js, which imports pkg; Header.js then imports util1.
    #expect(needs == ["./Cart", "pkg", "util1"])
    let files = header.chunks.flatMap { id in facts.chunks.first { $0.id == id }?.files ?? [] }
    #expect(files.count == 1, "only one chunk of the group has a file; the others have needs")
  }

  @Test("Provided and consumed packages come out with their flags", arguments: releases)
  func sharing(_ release: String) throws {
    let facts = try nav(release, .web)
    #expect(facts.provides.map { "\($0.key)@\($0.version)" } == ["pkg@1.2.0", "util1@2.1.0"])
    #expect(facts.provides.allSatisfy { !$0.eager && !$0.chunks.isEmpty })
    let pkg = try #require(facts.consumes.first { $0.key == "pkg" })
    #expect(pkg.singleton && !pkg.strict && pkg.range == "^1.0.0")
    #expect(pkg.fallback?.version == "1.2.0")
    #expect(pkg.fallback?.chunks == facts.provides.first?.chunks)
    let util = try #require(facts.consumes.first { $0.key == "util1" && $0.range != nil })
    #expect(!util.singleton && util.strict && util.range == "^2.0.0")
    // pkg imports util1 itself.
    #expect(facts.provides.first?.executes.count == 1)
  }

  @Test("Remotes come out with all their locations", arguments: releases)
  func remotes(_ release: String) throws {
    let facts = try nav(release, .web)
    #expect(facts.remotes.map(\.expose) == ["./Cart", "./Thing"])
    #expect(
      facts.remotes.map { $0.locations.map(\.remoteName) } == [["catalog"], ["dead", "other"]])
    #expect(facts.remotes.allSatisfy { $0.locations.allSatisfy { $0.type == "script" } })
    let node = try nav(release, .asyncNode)
    #expect(
      node.remotes.map { $0.locations.map(\.remoteName) } == [["catalog"], ["dead", "other"]])
  }

  @Test("What import() can load is reachable, with its styles and images", arguments: releases)
  func lazy(_ release: String) throws {
    let facts = try nav(release, .web)
    let plan = Planner { $0 == "nav" ? facts : nil }
      .plan([PlanRequest(remote: "nav", expose: "./Header")], for: HostFacts(name: "host"))
    let later = plan.files.filter { $0.phase == .reachable }
    #expect(later.map(\.kind) == [.chunk, .style, .chunk])
    #expect(plan.files.contains { $0.kind == .asset && $0.path.hasSuffix(".png") })
    #expect(plan.files.allSatisfy { $0.size != nil })
  }

  @Test("Every emitted file is an asset, source maps included", arguments: releases)
  func assets(_ release: String) throws {
    let facts = try nav(release, .web)
    let kinds = Dictionary(grouping: facts.assets, by: \.kind).mapValues(\.count)
    #expect(kinds == [.script: 9, .style: 1, .image: 1, .sourceMap: 10])
    #expect(facts.assets.allSatisfy { $0.size != nil })
    #expect(facts.assets.first { $0.kind == .style }?.immutable == true)
    #expect(facts.assets.first { $0.name == "remoteEntry.js" }?.immutable == false)
  }

  @Test(
    "A build that is host and remote gives the container's own runtime alone", arguments: releases)
  func bidirectional(_ release: String) throws {
    let facts = try #require(
      StatsFixture(release: release, graph: "G14").containers()["a"])
    #expect(facts.runtime == "a")
    #expect(facts.remotes.isEmpty && facts.consumes.isEmpty)
    #expect(facts.provides.map(\.version) == ["1.0.0"])
    #expect(!facts.chunks.contains { $0.files.contains("main.js") })
    #expect(facts.assets.contains { $0.name == "main.js" })
  }

  @Test("Facts read back from JSON the same", arguments: releases)
  func codable(_ release: String) throws {
    for facts in try StatsImporter().containers(in: StatsFixture.data("nav-\(release)")) {
      let json = try JSONEncoder().encode(facts)
      #expect(try JSONDecoder().decode(ContainerFacts.self, from: json) == facts)
    }
  }

  @Test(
    "A missing field names the option that writes it",
    arguments: [
      ("modules", "modules: true"), ("chunks", "chunks: true"), ("assets", "assets: true"),
      ("publicPath", "publicPath: true"), ("version", "version: true"),
    ])
  func missing(_ field: String, _ option: String) throws {
    try expectMissing(option) { $0[field] = nil }
  }

  @Test(
    "A missing field of a chunk or module names the option that writes it",
    arguments: [
      ("chunks", "origins", "chunkOrigins: true"), ("chunks", "id", "ids: true"),
      ("modules", "reasons", "reasons: true"), ("modules", "chunks", "ids: true"),
    ])
  func missingInside(_ list: String, _ field: String, _ option: String) throws {
    try expectMissing(option) { build in
      build[list] = (build[list] as? [[String: Any]] ?? []).map { item in
        item.filter { $0.key != field }
      }
    }
  }

  @Test("Modules that were left out name the option that lets them in")
  func filtered() throws {
    try expectMissing("modulesSpace: Infinity") { $0["filteredModules"] = 3 }
  }

  @Test("A concatenated module without its parts names the option that writes them")
  func nested() throws {
    try expectMissing("nestedModules: true") { build in
      build["modules"] = (build["modules"] as? [[String: Any]] ?? []).map { item in
        item.filter { $0.key != "modules" }
      }
    }
  }

  private func expectMissing(_ option: String, _ change: (inout [String: Any]) -> Void) throws {
    let all = try JSONSerialization.jsonObject(with: StatsFixture.data("nav-5.97"))
    var build = try #require(((all as? [String: Any])?["children"] as? [[String: Any]])?.first)
    build["version"] = "5.97.1"
    change(&build)
    let json = try JSONSerialization.data(withJSONObject: build)
    let error = #expect(throws: ImportError.self) { try StatsImporter().containers(in: json) }
    #expect(error?.kind == .missingField)
    #expect(error?.remedy.contains(option) == true, "\(error?.remedy ?? "")")
  }

  @Test(
    "What is no import is refused with its reason",
    arguments: [
      ("<html>", ImportError.Kind.malformed), ("[]", .malformed), ("{\"modules\": 3}", .malformed),
      (
        "{\"version\":\"5\",\"publicPath\":\"\",\"modules\":[],\"chunks\":[],\"assets\":[]}",
        .noContainer
      ),
    ])
  func refused(_ text: String, _ kind: ImportError.Kind) {
    let error = #expect(throws: ImportError.self) {
      try StatsImporter().containers(in: Data(text.utf8))
    }
    #expect(error?.kind == kind)
  }

  @Test("Statistics are read to the limit and no further")
  func limit() {
    let importer = StatsImporter(bytesMax: 80)
    for (count, kind) in [(80, ImportError.Kind.noContainer), (81, .tooLarge)] {
      var text =
        "{\"version\":\"5\",\"publicPath\":\"\",\"modules\":[],\"chunks\":[],\"assets\":[]}"
      text += String(repeating: " ", count: count - text.utf8.count)
      let error = #expect(throws: ImportError.self) { try importer.containers(in: Data(text.utf8)) }
      #expect(error?.kind == kind)
    }
  }
}
