/// The members of `mf-manifest.json` and `mf-stats.json` that the importer reads; what only the
/// latter has is optional.
struct ManifestFile: Decodable {
  struct MetaData: Decodable {
    let name: String?
    let globalName: String?
    let remoteEntry: Entry?
    let ssrRemoteEntry: Entry?
    let types: Types?
    let publicPath: String?
    /// JavaScript that returns it.
    let getPublicPath: String?
    let buildInfo: BuildInfo?
  }
  struct BuildInfo: Decodable {
    let hash: String?
  }
  struct Entry: Decodable {
    let name: String
    let path: String?
    let type: String?

    /// Below the public path.
    var file: String { ManifestFile.joined(path, name) }
  }
  /// Names of the archive of type declarations, and of the one file that declares the API.
  struct Types: Decodable {
    let path: String?
    let zip: String?
    let api: String?

    var files: [String] {
      [zip, api].compactMap(\.self).filter { !$0.isEmpty }.map { ManifestFile.joined(path, $0) }
    }
  }
  struct Assets: Decodable {
    struct Kind: Decodable {
      let sync: [String]?
      let async: [String]?
    }
    let js: Kind?
    let css: Kind?

    var atOnce: [String] { (js?.sync ?? []) + (css?.sync ?? []) }
    var later: [String] { (js?.async ?? []) + (css?.async ?? []) }
  }
  struct Expose: Decodable {
    let name: String?
    let path: String?
    let assets: Assets?
    /// Packages; of statistics alone.
    let requires: [String]?

    /// As `get` takes it.
    var key: String? { path ?? name.map { $0.hasPrefix(".") ? $0 : "./\($0)" } }
  }
  struct Shared: Decodable {
    let name: String
    let version: Loose?
    let requiredVersion: Loose?
    let singleton: Bool?
    let assets: Assets?
    let shareScope: Loose?
    let eager: Bool?
    let strictVersion: Bool?
    /// Exposed modules; of statistics alone.
    let usedIn: [String]?
  }
  struct Remote: Decodable {
    let federationContainerName: String?
    let moduleName: String?
    let alias: String?
    let entry: String?
    let version: String?
  }
  /// A text; anything else (`false`, a list) is none.
  struct Loose: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
      // What has another form says nothing.
      text = try? decoder.singleValueContainer().decode(String.self)
    }
  }

  let id: String?
  let name: String?
  let metaData: MetaData
  let exposes: [Expose]
  let shared: [Shared]
  let remotes: [Remote]?

  private static func joined(_ folder: String?, _ name: String) -> String {
    BuildPath.joined(folder ?? "", name)
  }
}
