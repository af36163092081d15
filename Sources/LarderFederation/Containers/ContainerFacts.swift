/// What is known of one build of one container: the exposed side of a remote, for one target.
///
/// Read from a build by an importer, stored with the release as JSON, printed by `larder inspect`,
/// and all that the planner needs. Holds facts of the container's own runtime alone: a build that
/// is host and remote at once has two runtimes with different tables. Chunk and module identifiers
/// are text, whether the build wrote numbers or names.
package struct ContainerFacts: Codable, Hashable, Sendable {
  /// The container's name in the build (`ModuleFederationPlugin({name})`), which others refer to.
  package var name: String
  /// The build's `output.uniqueName`, which decides ties between equal versions (rule R-TIE).
  package var uniqueName: String
  /// Where `uniqueName` was found.
  package var uniqueNameSource: UniqueNameSource
  /// The bundler's release, `5.97.1`; empty where only its code is at hand, of which rspack's alone
  /// says it.
  package var webpackVersion: String
  /// What built it; nil in facts that were stored before this was asked.
  package var bundler: Bundler?
  /// The rules under which this container's own runtime selects.
  package var ruleSet: RuleSet
  /// Where the build runs; nil where neither statistics nor entry tell.
  package var target: ContainerTarget?
  /// The build's `library.type` where the entry's code tells.
  package var libraryType: String?
  /// Names from the global object on under which a script leaves the container,
  /// `["shops", "nav"]` for `window.shops.nav`; nil where it is `name` alone.
  package var libraryPath: [String]?
  /// As configured: `auto`, a path, or a URL.
  package var publicPath: String
  /// The global under which chunks report, `webpackChunkshop`; nil where the way of loading needs
  /// none or the entry was not read.
  package var chunkGlobal: String?
  /// The build's own hash; a label, not an integrity value.
  package var hash: String
  /// The scope name under which the container takes the host's scope.
  package var shareScope: String
  /// The name of the runtime that the entry starts.
  package var runtime: String
  /// The file that exports `get` and `init`, relative to the output folder.
  package var entry: String
  /// Files that must run before `entry`, in order; empty unless the runtime has a chunk of its own.
  package var entryPrerequisites: [String]
  /// In the order of the build.
  package var exposes: [ExposeFacts]
  /// In the order in which the runtime registers them.
  package var provides: [ProvideFacts]
  /// In the order in which the runtime loads them within one chunk.
  package var consumes: [ConsumeFacts]
  /// In the order in which the runtime initialises them.
  package var remotes: [RemoteFacts]
  /// Every chunk of the container's runtime, its entry included.
  package var chunks: [ChunkFacts]
  /// Every file that the build emitted, those of a host in the same build included.
  package var assets: [AssetFacts]
  /// What was read, and what it leaves open; nil in facts that were stored before this was asked,
  /// which statistics gave.
  package var reading: Reading?

  /// A container that has nothing but its entry, unless told.
  ///
  /// - Parameters:
  ///   - uniqueName: nil takes `name`, as does nil for `runtime`.
  package init(
    name: String, uniqueName: String? = nil, uniqueNameSource: UniqueNameSource = .assumed,
    webpackVersion: String = "", bundler: Bundler? = nil, ruleSet: RuleSet = .webpack,
    target: ContainerTarget? = nil, libraryType: String? = nil, publicPath: String = "",
    chunkGlobal: String? = nil, hash: String = "",
    shareScope: String = "default", runtime: String? = nil, entry: String = "remoteEntry.js",
    entryPrerequisites: [String] = [], exposes: [ExposeFacts] = [], provides: [ProvideFacts] = [],
    consumes: [ConsumeFacts] = [], remotes: [RemoteFacts] = [], chunks: [ChunkFacts] = [],
    assets: [AssetFacts] = [], reading: Reading? = nil
  ) {
    self.name = name
    self.uniqueName = uniqueName ?? name
    self.uniqueNameSource = uniqueNameSource
    self.webpackVersion = webpackVersion
    self.bundler = bundler
    self.ruleSet = ruleSet
    self.target = target
    self.libraryType = libraryType
    self.publicPath = publicPath
    self.chunkGlobal = chunkGlobal
    self.hash = hash
    self.shareScope = shareScope
    self.runtime = runtime ?? name
    self.entry = entry
    self.entryPrerequisites = entryPrerequisites
    self.exposes = exposes
    self.provides = provides
    self.consumes = consumes
    self.remotes = remotes
    self.chunks = chunks
    self.assets = assets
    self.reading = reading
  }
}

/// Where a container's unique name comes from.
package enum UniqueNameSource: String, Codable, Sendable, CaseIterable {
  /// Read from the code of the entry.
  case entry
  /// Taken to be the container's name, since statistics do not carry it; a tie between equal
  /// versions may be predicted wrong.
  case assumed
}

/// The program that built a container, as far as its rules of loading and sharing go.
package enum Bundler: String, Codable, Sendable, CaseIterable {
  /// webpack 5 with its own ModuleFederationPlugin.
  case webpack
  /// webpack 5 with the runtime of Module Federation 2.
  case webpackFederation2 = "webpack, module-federation 2"
  /// Rspack with webpack's way of sharing.
  case rspack
  /// Rspack with the runtime of Module Federation 2.
  case rspackFederation2 = "rspack, module-federation 2"
  /// Vite with a federation plugin.
  case vite
  /// Vite with the runtime of Module Federation 2.
  case viteFederation2 = "vite, module-federation 2"
  /// Native Federation, which goes by import maps.
  case nativeFederation = "native-federation"

  /// Whether its builds carry the runtime of Module Federation 2.
  var hasFederation2: Bool {
    self == .webpackFederation2 || self == .rspackFederation2 || self == .viteFederation2
  }
}

/// The way in which a build loads its chunks; the raw values are webpack's names of targets.
package enum ContainerTarget: String, Codable, Sendable, CaseIterable {
  /// Script elements.
  case web
  /// Files read and run by `vm`.
  case asyncNode = "async-node"
  /// `require` of files.
  case node
  /// `import()` of ECMAScript modules.
  case module
  /// `importScripts`.
  case webworker
}

extension ContainerFacts {
  /// Whether pages load the entry as an ECMAScript module, whatever its chunks are.
  package var isModule: Bool { target == .module || libraryType == "module" }

  /// Names from the global object on under which a script leaves the container; nil for a build that
  /// leaves it elsewhere, or does not tell.
  package var global: [String]? {
    let types = ["var", "assign", "window", "self", "global", "this", "umd"]
    guard let libraryType, types.contains(libraryType) else { return nil }
    return libraryPath ?? (name.isEmpty ? nil : [name])
  }
}
