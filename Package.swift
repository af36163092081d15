// swift-tools-version: 6.3
import PackageDescription

// Floors: a target imports what stands below it, never sideways, never up.
// docs/architecture.md draws the house; Tests/TidyTests and `make check` hold it.

// What the fuzz targets look into.
let fuzzed: [Target.Dependency] = [
  "CLZ4", "CPlatform", "DiskRig", "LarderClient", "LarderCore", "LarderFederation",
  "LarderMessages", "LarderPlatform", "LarderStore", "LarderWire",
  .product(name: "SystemPackage", package: "swift-system"),
]

let package = Package(
  name: "larder",
  products: [
    .library(name: "LarderClient", targets: ["LarderClient"]),
    .executable(name: "larder", targets: ["larder"]),
    .executable(name: "larderd", targets: ["larderd"]),
  ],
  dependencies: [
    // The command line: parsing, help and exit codes.
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    // SHA-256 for every byte, SHA-384 and SHA-512 for integrity values.
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    // Log lines of the daemon.
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    // The API by which what is new is counted; what reads it is ours.
    .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
    // HTTP requests to origins stream on NIO.
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    // The certificates that private origins need trusted, and the gateway's own; AsyncHTTPClient takes its settings in these types.
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
    // Paths and descriptors without Foundation.
    .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
    // The HTTP client for origins.
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    // Start and shutdown order of the daemon's parts.
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    // HTTP's fields and statuses, as Hummingbird hands them over.
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    // HTTP/1.1 and HTTP/2 for pages; without its traits, which read settings of their own.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
    // A client of HTTP/2 that misbehaves, for tests; the server's comes with Hummingbird.
    .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.45.0"),
    // Between NIO's HTTP/1.1 and those fields; certificates that are read again.
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
    // The registry's SQLite, with migrations.
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
  ],
  targets: [
    // Floor 0: system libraries.
    .systemLibrary(
      name: "CLZ4", path: "Sources/CLZ4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(
      name: "CBrotli", path: "Sources/CBrotli", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CZstd", path: "Sources/CZstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "CAssets"),
    .target(name: "CPlatform"),

    // Floor 1: values and the operating system.
    .target(name: "LarderCore"),
    .target(
      name: "LarderMetrics",
      dependencies: [
        "LarderCore", .product(name: "CoreMetrics", package: "swift-metrics"),
      ]),
    .target(
      name: "LarderPlatform",
      dependencies: [
        "CPlatform", "LarderCore", .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // Floor 2: what Larder is made of, each alone.
    .target(name: "LarderCoding", dependencies: ["CBrotli", "CZlib", "CZstd"]),
    .target(name: "LarderFederation", dependencies: ["LarderCore"]),
    .target(name: "LarderMessages", dependencies: ["LarderCore", "LarderFederation"]),
    .target(
      name: "LarderOrigin",
      dependencies: [
        "LarderCore",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .target(
      name: "LarderStore",
      dependencies: [
        "CLZ4", "LarderCore", "LarderPlatform",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "LarderWire", dependencies: ["LarderCore"]),

    // Floor 3: what cannot be rebuilt.
    .target(
      name: "LarderRegistry",
      dependencies: [
        "LarderCore", "LarderFederation",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ]),

    // Floor 4: use cases.
    .target(
      name: "LarderService",
      dependencies: [
        "LarderCoding", "LarderCore", "LarderFederation", "LarderMessages", "LarderMetrics",
        "LarderOrigin", "LarderPlatform", "LarderRegistry", "LarderStore",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
      ]),

    // Floor 5: the faces, and the client that talks to one.
    .target(
      name: "LarderClient",
      dependencies: [
        "LarderCore", "LarderFederation", "LarderMessages", "LarderPlatform", "LarderWire",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "LarderGateway",
      dependencies: [
        "CAssets", "LarderCoding", "LarderCore", "LarderFederation", "LarderMessages",
        "LarderMetrics", "LarderPlatform", "LarderService",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdHTTP2", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCertificateReloading", package: "swift-nio-extras"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "LarderSocket",
      dependencies: [
        "LarderCore", "LarderFederation", "LarderMessages", "LarderMetrics", "LarderPlatform",
        "LarderService", "LarderStore", "LarderWire",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // Floor 6: the programs.
    .executableTarget(
      name: "larder",
      dependencies: [
        "LarderClient", "LarderCore", "LarderFederation", "LarderMessages", "LarderPlatform",
        "LarderWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .executableTarget(
      name: "larderd",
      dependencies: [
        "LarderCore", "LarderGateway", "LarderMetrics", "LarderOrigin", "LarderPlatform",
        "LarderRegistry", "LarderService", "LarderSocket", "LarderStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),

    // What tests of several targets need.
    .target(
      name: "OriginRig",
      dependencies: [
        "LarderCore",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ], path: "Tests/OriginRig"),

    .target(
      name: "DiskRig",
      dependencies: [
        "LarderCore", "LarderPlatform", "LarderStore",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], path: "Tests/DiskRig"),

    // What tests read metrics with.
    .target(name: "MetricsRig", path: "Tests/MetricsRig"),

    // The program of docs/swift.md.
    .executableTarget(
      name: "client-example", dependencies: ["LarderClient"], path: "Tests/ClientExample"),

    // Tests stand beside the target they name; ProcessTests run the built programs, as Tests/Graphs
    // does from Node.
    .testTarget(name: "LarderCoreTests", dependencies: ["LarderCore"]),
    .testTarget(name: "LarderCodingTests", dependencies: ["LarderCoding"]),
    .testTarget(
      name: "LarderMetricsTests",
      dependencies: [
        "LarderMetrics", "MetricsRig", .product(name: "CoreMetrics", package: "swift-metrics"),
      ]),
    .testTarget(
      name: "LarderPlatformTests",
      dependencies: [
        "LarderPlatform", .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "LarderFederationTests", dependencies: ["LarderFederation"],
      resources: [.copy("Stats"), .copy("Vectors")]),
    .testTarget(
      name: "LarderMessagesTests",
      dependencies: ["LarderCore", "LarderFederation", "LarderMessages"]),
    .testTarget(
      name: "LarderOriginTests",
      dependencies: [
        "LarderCore", "LarderOrigin", "OriginRig",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .testTarget(
      name: "LarderStoreTests",
      dependencies: [
        "DiskRig", "LarderCore", "LarderPlatform", "LarderStore",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(name: "LarderWireTests", dependencies: ["LarderWire"]),
    .testTarget(
      name: "LarderRegistryTests",
      dependencies: [
        "LarderCore", "LarderRegistry", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "LarderServiceTests",
      dependencies: [
        "DiskRig", "LarderCore", "LarderFederation", "LarderMessages", "LarderOrigin",
        "LarderPlatform",
        "LarderRegistry", "LarderService", "LarderStore", "OriginRig",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "LarderClientTests",
      dependencies: [
        "LarderClient", "LarderCore", "LarderMessages", "LarderPlatform", "LarderWire",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "LarderSocketTests",
      dependencies: [
        "LarderClient", "LarderCore", "LarderFederation", "LarderMessages", "LarderOrigin",
        "LarderPlatform", "LarderRegistry", "LarderService", "LarderSocket", "LarderStore",
        "LarderWire",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "LarderGatewayTests",
      dependencies: [
        "LarderCoding", "LarderCore", "LarderFederation", "LarderGateway", "LarderMessages",
        "LarderMetrics", "LarderOrigin", "LarderPlatform", "LarderRegistry", "LarderService",
        "LarderStore", "MetricsRig", "OriginRig",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "LarderCommandTests",
      dependencies: [
        "LarderClient", "LarderCore", "LarderFederation", "LarderMessages", "larder",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "ProcessTests",
      dependencies: [
        "CPlatform", "client-example", "DiskRig", "LarderClient", "LarderCore", "LarderFederation",
        "LarderMessages", "LarderPlatform", "LarderWire", "MetricsRig", "OriginRig", "larder",
        "larderd",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "FuzzTests", dependencies: fuzzed, exclude: ["FuzzEntry.swift"],
      resources: [.copy("Corpus")]),
    .testTarget(name: "TidyTests"),
  ],
  swiftLanguageModes: [.v6]
)

// Development only, built with scratch folders of their own: what `make bench-store`,
// `make bench-socket` and `make fuzz` run. The fuzzer is made of the sources of the tests that replay
// its corpus, in their place.
if Context.environment["LARDER_DEV"] != nil {
  package.targets.removeAll { $0.name == "FuzzTests" }
  package.targets += [
    .target(
      name: "BenchRig", dependencies: ["LarderCore", "LarderPlatform"],
      path: "Tests/Benchmarks/BenchRig"),
    .executableTarget(
      name: "fuzz", dependencies: fuzzed, path: "Tests/FuzzTests",
      exclude: ["Corpus", "CorpusTests.swift"]),
    .executableTarget(
      name: "store-bench",
      dependencies: [
        "BenchRig", "CLZ4", "LarderCore", "LarderPlatform", "LarderStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], path: "Tests/Benchmarks/StoreBench"),
    .executableTarget(
      name: "socket-bench",
      dependencies: [
        "BenchRig", "CPlatform", "LarderCore", "LarderPlatform", "LarderWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
      ], path: "Tests/Benchmarks/SocketBench"),
  ]
}

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
  ]
}
