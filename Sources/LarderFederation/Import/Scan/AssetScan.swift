/// Finds every file of a build by reading what names files, until nothing new is named.
///
/// Pure: whoever runs it reads the files that it asks for and hands their text in. The result is
/// `closed` if every name was found and nothing is put together at run time, else `open`, with
/// what remains.
package struct AssetScan: Sendable {
  /// Files that are read, and names that are kept: a build with more is no application.
  private static let filesMax = 20_000
  /// Reasons that are kept for an open end; more would tell nothing new.
  private static let reasonsMax = 32

  /// What is read next; others may follow from it.
  package private(set) var pending: [String] = []
  private var facts: ContainerFacts
  private let names: ChunkNames?
  private var named: Set<String> = []
  private var chunkIDs: Set<String>
  /// Of a build whose code names files.
  private var imports = ModuleImports()
  private var missing: Set<String> = []
  private var reasons: [String] = []

  /// - Parameter names: gives the files of chunks that no entry names; nil for builds whose code
  ///   names files.
  init(_ facts: ContainerFacts, names: ChunkNames?) {
    self.facts = facts
    self.names = names
    chunkIDs = Set(facts.chunks.map(\.id))
    for asset in facts.assets { add(asset.name) }
    for item in facts.reading?.unknown ?? [] where item.fact == .files || item.fact == .publicPath {
      note("\(item.fact.rawValue): \(item.reason)")
    }
  }

  /// Whether the file at `path` names others; what does not need not be read.
  package static func reads(_ path: String) -> Bool {
    [.script, .style].contains(AssetKind(path: path))
  }

  /// The next file to read; nil when all are read.
  package mutating func next() -> String? { pending.popLast() }

  /// Takes the text of a file that `next` named.
  package mutating func read(_ path: String, _ text: String) {
    switch AssetKind(path: path) {
    case .script: readScript(path, text)
    case .style: readStyle(path, text)
    default: break
    }
  }

  /// Takes that a file which `next` named is nowhere. A source map is not always deployed; what
  /// else is missing keeps the end open.
  package mutating func miss(_ path: String) { missing.insert(path) }

  /// The container with all files that were found.
  package func outcome() -> ContainerFacts {
    var facts = facts
    let known = Set(facts.assets.map(\.name))
    facts.assets += named.subtracting(known).sorted().map { AssetFacts(name: $0, size: nil) }
    // Where the plugin's own code was read, it has said what is shared.
    let isSaid = facts.bundler == .vite && missing.isEmpty
    facts.reading?.unknown.removeAll {
      $0.fact == .opens || ($0.fact == .consumes && isSaid)
    }
    if names == nil { imports.complete(&facts) }
    facts.reading?.completeness = reasons.isEmpty ? .closed : .open
    facts.reading?.openEnds = reasons
    return facts.without(missing)
  }

  // MARK: - Code

  private mutating func readScript(_ path: String, _ text: String) {
    if let map = Self.sourceMap(of: text) { add(BuildPath.joined(BuildPath.folder(of: path), map)) }
    guard let code = JavaScriptCode(text) else {
      note("'\(path)' is too long to be read")
      return
    }
    let found = ScriptReferences(code)
    for reason in found.openEnds { note("\(path): \(reason)") }
    // A plugin of Vite imports by a function of its own what its tables name, and remotes.
    let isPlugin = names == nil && (path == facts.entry || text.contains("__federation"))
    if !isPlugin { for reason in found.computedImports { note("\(path): \(reason)") } }
    for name in found.assets { add(name) }
    for name in found.neighbours { add(BuildPath.joined(BuildPath.folder(of: path), name)) }
    takeImports(found, of: path)
    for name in paths(ofPreloads: found.preloads, in: path) { add(name) }
    guard let names else {
      takeShares(ViteShares(code, folder: BuildPath.folder(of: path)))
      return
    }
    // What a chunk imports lazily can be opened from there; a runtime and a container name
    // chunks without opening them.
    let isPassive = found.isRuntime || path == facts.entry
    let opener = isPassive ? nil : facts.chunks.firstIndex { $0.files.contains(path) }
    for id in found.chunks + found.workers {
      if let opener, facts.chunks[opener].id != id, !facts.chunks[opener].opens.contains(id),
        !found.workers.contains(id)
      {
        facts.chunks[opener].opens.append(id)
      }
      guard chunkIDs.insert(id).inserted else { continue }
      guard let files = names.files(of: id) else {
        note("\(path): chunk '\(id)' has no name in the entry")
        continue
      }
      facts.chunks.append(ChunkFacts(id: id, files: files))
      for file in files { add(file) }
    }
  }

  private mutating func takeImports(_ found: ScriptReferences, of path: String) {
    let folder = BuildPath.folder(of: path)
    let atOnce = found.imports.map { BuildPath.withoutQuery(BuildPath.joined(folder, $0)) }
    let later = found.lazyImports.map { BuildPath.withoutQuery(BuildPath.joined(folder, $0)) }
    for name in atOnce + later { add(name) }
    imports.add(path, atOnce: atOnce, later: later)
  }

  /// What `importShared` asks the host for, wherever the plugin has put it.
  private mutating func takeShares(_ shares: ViteShares) {
    let exposed = facts.exposes.flatMap(\.chunks)
    for share in shares.consumes where !facts.consumes.contains(where: { $0.key == share.key }) {
      var share = share
      share.chunks = exposed
      facts.consumes.append(share)
    }
    for chunk in shares.chunks where chunkIDs.insert(chunk.id).inserted {
      facts.chunks.append(chunk)
      for file in chunk.files { add(file) }
    }
  }

  /// Vite lists what to load ahead from the root of the build, or beside the file. An entry that is
  /// known by its own folder alone has the others of that folder beside it; one at the root imports
  /// them from `./assets/`.
  private func paths(ofPreloads names: [String], in path: String) -> [String] {
    let folder = BuildPath.folder(of: path)
    let assets = "assets/"
    let isInAssets =
      folder.isEmpty && !names.isEmpty && !named.contains { $0.hasPrefix(assets) }
    return names.map { name in
      if name.hasPrefix(".") { return BuildPath.joined(folder, name) }
      let name = String(name.drop { $0 == "/" })
      guard isInAssets, name.hasPrefix(assets) else { return name }
      return String(name.split(separator: "/").last ?? "")
    }
  }

  /// `//# sourceMappingURL=main.js.map` in the last line.
  private static func sourceMap(of text: String) -> String? {
    let tail = text.suffix(1024)
    guard let mark = tail.ranges(of: "# sourceMappingURL=").last else { return nil }
    let name = tail[mark.upperBound...].prefix { !$0.isWhitespace && $0 != "*" }
    return BuildPath.isRelative(String(name)) ? String(name) : nil
  }

  // MARK: - Styles

  /// `url(…)` and `@import "…"`.
  private mutating func readStyle(_ path: String, _ text: String) {
    let folder = BuildPath.folder(of: path)
    for mark in ["url(", "@import"] {
      for found in text.ranges(of: mark) {
        let rest = text[found.upperBound...].prefix(2048).drop {
          $0.isWhitespace || $0 == "\"" || $0 == "'"
        }
        let name =
          String(rest.prefix { !"\"')\n;".contains($0) })
          .split(whereSeparator: { $0 == "?" || $0 == "#" }).first.map(String.init) ?? ""
        if name.hasPrefix("url(") || !BuildPath.isRelative(name) { continue }
        add(BuildPath.joined(folder, name))
      }
    }
    if let map = Self.sourceMap(of: text) { add(BuildPath.joined(folder, map)) }
  }

  // MARK: - Names

  private mutating func add(_ name: String) {
    let path = BuildPath.withoutQuery(name)
    guard !path.isEmpty, named.count < Self.filesMax, named.insert(path).inserted else { return }
    pending.append(path)
  }

  private mutating func note(_ reason: String) {
    if reasons.count < Self.reasonsMax, !reasons.contains(reason) { reasons.append(reason) }
  }
}
