import Testing

@Suite("The floors")
struct FloorTests {
  /// What each target may import of ours and of others: docs/architecture.md in one table.
  private static let allowed: [String: Set<String>] = [
    "LarderCore": ["Synchronization", "Glibc"],
    "LarderPlatform": platform,
    "LarderFederation": ["LarderCore", "FoundationEssentials"],
    "LarderMessages": ["LarderCore", "LarderFederation", "FoundationEssentials"],
    "LarderOrigin": [
      "LarderCore", "AsyncHTTPClient", "Crypto", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix",
      "NIOSSL", "FoundationEssentials", "Synchronization",
    ],
    "LarderStore": platform.union([
      "CLZ4", "LarderPlatform", "GRDBSQLite", "Crypto", "Logging",
    ]),
    "LarderWire": ["LarderCore"],
    "LarderRegistry": ["LarderCore", "LarderFederation", "GRDB", "Logging", "FoundationEssentials"],
    "LarderService": [
      "LarderCore", "LarderPlatform", "LarderFederation", "LarderMessages", "LarderOrigin",
      "LarderRegistry", "LarderStore", "Crypto", "Logging", "FoundationEssentials",
      "SystemPackage", "Synchronization",
    ],
    "LarderClient": platform.union([
      "LarderPlatform", "LarderMessages", "LarderWire", "FoundationEssentials",
    ]),
    "LarderSocket": platform.union([
      "LarderPlatform", "LarderMessages", "LarderService", "LarderWire", "Logging",
      "FoundationEssentials",
    ]),
  ]

  private static let platform: Set<String> = [
    "CPlatform", "LarderCore", "SystemPackage", "Glibc", "Synchronization",
  ]

  private static let programs: Set<String> = ["larder", "larderd"]

  @Test("stand on what the table allows and nothing else", arguments: SourceTree.sources)
  func imports(_ file: SourceTree.File) throws {
    guard !Self.programs.contains(file.target) else { return }
    let allowed = try #require(Self.allowed[file.target], "\(file.target) is missing in the table")
    for module in importedModules(of: file) {
      #expect(allowed.contains(module), "\(file) imports \(module)")
    }
  }

  @Test("keep Foundation out where bytes are hot", arguments: SourceTree.sources)
  func foundation(_ file: SourceTree.File) {
    let cold: Set<String> = ["larder", "larderd"]
    guard !cold.contains(file.target) else { return }
    #expect(!importedModules(of: file).contains("Foundation"), "\(file) imports Foundation")
  }

  private func importedModules(of file: SourceTree.File) -> [String] {
    file.code.compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place <= 2, place + 1 < words.count,
        words[..<place].allSatisfy({ ["package", "public", "internal", "private", "@preconcurrency"].contains($0) })
      else { return nil }
      return String(words[place + 1])
    }
  }
}
