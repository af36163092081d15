/// The fields of webpack's `stats.json` that the importer reads, all optional: which are missing
/// decides the error.
struct StatsFile: Decodable {
  let name: String?
  let version: String?
  let hash: String?
  let publicPath: String?
  let assets: [StatsAsset]?
  let chunks: [StatsChunk]?
  let modules: [StatsModule]?
  let filteredModules: Int?
  let entrypoints: [String: StatsEntrypoint]?
  /// The compilations of a build with several configurations, and compilations that plugins
  /// started.
  let children: [StatsFile]?
}

/// An identifier that the build wrote as a number or as text.
struct StatsIdentifier: Decodable, Hashable {
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // A number is the other legal form; what is neither fails in the line below.
    if let number = try? container.decode(Int.self) {
      text = String(number)
    } else {
      text = try container.decode(String.self)
    }
  }
}

struct StatsEntrypoint: Decodable {
  let chunks: [StatsIdentifier]?
}

struct StatsAsset: Decodable {
  struct Info: Decodable {
    let immutable: Bool?
    let contenthash: OneOrMany?
    let related: Related?
  }
  /// A name, or a list of names of which the first counts.
  struct OneOrMany: Decodable {
    let values: [String]
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      // A list is the other legal form; what is neither fails in the line below.
      if let one = try? container.decode(String.self) {
        values = [one]
      } else {
        values = try container.decode([String].self)
      }
    }
  }
  /// Names of source maps and the like by kind.
  struct Related: Decodable {
    let sourceMap: OneOrMany?
  }

  let name: String
  let size: Int64?
  let info: Info?
  /// Source maps and the like, measured; an empty object where there are none.
  let related: [StatsAsset]

  private enum Field: CodingKey { case name, size, info, related }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Field.self)
    name = try container.decode(String.self, forKey: .name)
    size = try container.decodeIfPresent(Int64.self, forKey: .size)
    info = try container.decodeIfPresent(Info.self, forKey: .info)
    // An object in place of a list says that there are none, whatever else it may say.
    related = (try? container.decode([StatsAsset].self, forKey: .related)) ?? []
  }
}

struct StatsChunk: Decodable {
  struct Origin: Decodable {
    let moduleIdentifier: String?
    let loc: String?
  }
  let id: StatsIdentifier?
  let names: [String]?
  let files: [String]?
  let auxiliaryFiles: [String]?
  let entry: Bool?
  let initial: Bool?
  let runtime: [String]?
  let children: [StatsIdentifier]?
  let origins: [Origin]?
}

struct StatsModule: Decodable {
  struct Reason: Decodable {
    let moduleIdentifier: String?
    /// The module inside a concatenated one that has the dependency.
    let resolvedModuleIdentifier: String?
    let type: String?
    let loc: String?
    let userRequest: String?
    let active: Bool?
  }
  let identifier: String?
  let name: String?
  let moduleType: String?
  let id: StatsIdentifier?
  let chunks: [StatsIdentifier]?
  let preOrderIndex: Int?
  let reasons: [Reason]?
  /// The modules that a concatenated one consists of.
  let modules: [StatsModule]?
}
