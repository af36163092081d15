import Foundation
import LarderFederation
import Testing

@Suite("Builds of every kind")
struct BuildKindTests {
  /// Facts that the code of some kinds does not have, each a limit that docs/importing.md names.
  private static let limits: [String: Set<Fact>] = [
    "remote-promise": [.locations], "async-node": [.name], "async-node-two-passes": [.name],
    "node": [.name], "node-two-passes": [.name], "module-web": [.name],
  ]

  @Test(
    "say by the code of their entry alone what their statistics say",
    arguments: ["5.75", "5.97"])
  func agreement(_ release: String) throws {
    let folder = try BuiltKinds.folder(webpack: release)
    let kinds = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    try #require(kinds.count >= 30)
    for kind in kinds {
      let build = folder.appending(path: kind)
      let paths = try #require(FileManager.default.subpaths(atPath: build.path)).sorted()
      // What is not there is what the importers ask for and do without.
      let files = BuildFiles(paths: { paths }) { path in
        (try? Data(contentsOf: build.appending(path: path))).map { Array($0) }
      }
      let stats = try #require(try BuildImport(files).containers().first).facts
      #expect(stats.reading?.source == .stats && stats.reading?.others == [.code], "\(kind)")
      let differences = stats.reading?.disagreements ?? []
      #expect(differences.isEmpty, "\(kind): \(differences)")
      let code = try #require(try BuildImport(files).containers(at: stats.entry).first).facts
      // The scan finds every file of the folder, and nothing else.
      let whole = try #require(try BuildImport(files).wholeContainers(at: stats.entry).first)
      var isFolder: ObjCBool = false
      let all = paths.filter {
        FileManager.default.fileExists(
          atPath: build.appending(path: $0).path, isDirectory: &isFolder)
          && !isFolder.boolValue && $0 != "stats.json"
      }
      #expect(Set(whole.assets.map(\.name)) == Set(all), "\(kind)")
      // This webpack writes URLs into style sheets of a folder as if they lay beside it.
      let isClosed = kind != "styles-hashed" || release != "5.75"
      #expect(whole.reading?.completeness == (isClosed ? .closed : .open), "\(kind)")
      #expect(opens(in: whole) == opens(in: stats), "\(kind)")
      let open = Set((code.reading?.unknown ?? []).map(\.fact)).subtracting([.opens, .order])
      #expect(open == Self.limits[kind, default: []], "\(kind)")
      #expect(stats.reading?.unknown.map(\.fact).filter { $0 != .uniqueName } == [], "\(kind)")
    }
  }

  private func opens(in facts: ContainerFacts) -> [String: Set<String>] {
    Dictionary(facts.chunks.map { ($0.id, Set($0.opens)) }) { first, _ in first }
      .filter { !$0.value.isEmpty }
  }
}

/// The fixture project as a real webpack built it in every way, in a cache outside the checkout.
enum BuiltKinds {
  /// The folder that holds one folder for each kind.
  static func folder(webpack release: String) throws -> URL {
    let outcome = try Outcome.of(
      BuiltGraph.root.appending(path: "Tests/Fixtures/build").path,
      ["kinds", "--webpack", release])
    try #require(outcome.status == 0, "run 'make prepare' first: \(outcome)")
    return URL(filePath: outcome.text.trimmingCharacters(in: .newlines)).appending(path: "dist")
  }
}
