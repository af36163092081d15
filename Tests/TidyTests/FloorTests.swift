import Testing

@Suite("The floors")
struct FloorTests {
  /// What each target's row names in docs/architecture.md; what those rows may import comes along.
  private static let rows: [String: Set<String>] = [
    "LarderCore": ["Glibc", "Synchronization"],
    "LarderMetrics": ["CoreMetrics", "LarderCore"],
    "LarderPlatform": ["CPlatform", "LarderCore", "SystemPackage"],
    "LarderCoding": ["CBrotli", "CZlib", "CZstd"],
    "LarderFederation": ["FoundationEssentials", "LarderCore"],
    "LarderMessages": ["FoundationEssentials", "LarderCore", "LarderFederation"],
    "LarderOrigin": [
      "AsyncHTTPClient", "Crypto", "LarderCore", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix",
      "NIOSSL",
    ],
    "LarderStore": ["CLZ4", "Crypto", "GRDBSQLite", "LarderCore", "LarderPlatform"],
    "LarderWire": ["LarderCore"],
    "LarderRegistry": [
      "FoundationEssentials", "GRDB", "LarderCore", "LarderFederation", "Logging",
    ],
    "LarderService": [
      "FoundationEssentials", "LarderCoding", "LarderFederation", "LarderMessages",
      "LarderMetrics", "LarderOrigin", "LarderRegistry", "LarderStore", "Logging",
    ],
    "LarderClient": ["FoundationEssentials", "LarderMessages", "LarderPlatform", "LarderWire"],
    "LarderGateway": [
      "CAssets", "Crypto", "FoundationEssentials", "HTTPTypes", "Hummingbird", "HummingbirdCore",
      "HummingbirdHTTP2", "LarderMessages", "LarderMetrics", "LarderService", "Logging",
      "NIOCertificateReloading",
      "NIOCore", "NIOHTTP1", "NIOHTTPTypes",
      "NIOHTTPTypesHTTP1", "NIOSSL", "NIOTLS", "ServiceLifecycle",
    ],
    "LarderSocket": [
      "LarderMessages", "LarderMetrics", "LarderPlatform", "LarderService", "LarderWire",
    ],
  ]

  /// The programs compose what there is.
  private static let programs: Set<String> = ["larder", "larderd"]

  @Test("stand on what the table allows and nothing else", arguments: SourceTree.sources)
  func imports(_ file: SourceTree.File) {
    guard !Self.programs.contains(file.target) else { return }
    #expect(Self.rows[file.target] != nil, "\(file.target) has no row")
    let allowed = Self.below(file.target)
    for module in file.imports {
      #expect(allowed.contains(module), "\(file) imports \(module)")
    }
  }

  @Test("keep Foundation out where bytes are hot", arguments: SourceTree.sources)
  func foundation(_ file: SourceTree.File) {
    guard !Self.programs.contains(file.target) else { return }
    #expect(!file.imports.contains("Foundation"), "\(file) imports Foundation")
    let hot: Set<String> = ["LarderCore", "LarderPlatform", "LarderStore", "LarderWire"]
    if hot.contains(file.target) {
      #expect(
        !file.imports.contains("FoundationEssentials"), "\(file) imports FoundationEssentials")
    }
  }

  private static func below(_ target: String) -> Set<String> {
    let row = rows[target] ?? []
    return row.reduce(into: row) { $0.formUnion(below($1)) }
  }
}
