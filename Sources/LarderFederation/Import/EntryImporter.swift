/// Reads a container from the code of its entry, and of the runtime where the build put that into a
/// file of its own.
package struct EntryImporter {
  /// Files that are looked into for a runtime that is not in the entry: they lie beside it, and
  /// builds with more pages than this name theirs after it.
  private static let runtimeCandidatesMax = 64

  /// Paths of the build's files below its root, where they can be listed.
  let paths: () -> [String]
  let text: (String) -> String?

  /// - Parameters:
  ///   - paths: may be empty: then the entry has to say everything.
  ///   - text: gives the text of a file by its path, or nil where it is not at hand.
  package init(
    paths: @escaping () -> [String] = { [] }, text: @escaping (String) -> String?
  ) {
    self.paths = paths
    self.text = text
  }

  /// The container whose entry is at `path`.
  ///
  /// - Throws: `noContainer` for a file that is no entry, `tooLarge` for one beyond the limits.
  package func container(at path: String) throws(EntryError) -> ContainerFacts {
    try reading(at: path).facts
  }

  /// The container, and what names the files of its chunks where chunks have identifiers.
  func reading(at path: String) throws(EntryError) -> (facts: ContainerFacts, names: ChunkNames?) {
    guard let code = text(path) else { throw .noContainer(path, "it is not there") }
    guard code.utf8.count <= JavaScriptCode.bytesMax else {
      throw .tooLarge(path, code.utf8.count, max: JavaScriptCode.bytesMax)
    }
    if let reader = EntryReader(code, path: path), !reader.isModuleOfVite {
      guard reader.lacksRuntime, let runtime = runtime(of: reader),
        var whole = EntryReader(code, path: path, runtime: runtime)
      else {
        var reader = reader
        return (reader.facts(), reader.chunkNames)
      }
      return (whole.facts(), whole.chunkNames)
    }
    if let entry = ViteEntry(code, path: path, file: text) { return (entry.facts(), nil) }
    throw .noContainer(path, Self.description(of: code))
  }

  /// The file whose chunks report to the same global and which can load chunks.
  private func runtime(of reader: EntryReader) -> (path: String, text: String)? {
    guard let global = reader.runtime.chunkGlobal else { return nil }
    let scripts = paths().filter { AssetKind(path: $0) == .script && $0 != reader.path }
    let likely =
      scripts.filter { $0.contains("runtime") } + scripts.filter { !$0.contains("runtime") }
    for path in likely.prefix(Self.runtimeCandidatesMax) {
      guard let code = text(path), code.contains(global), let runtime = EntryRuntime(code),
        runtime.loadsChunks, runtime.chunkGlobal == global
      else { continue }
      return (path, code)
    }
    return nil
  }

  private static func description(of code: String) -> String {
    let start = code.drop(while: \.isWhitespace)
    return start.hasPrefix("<") ? "it is a page, no code" : "no module in it has 'get' and 'init'"
  }
}

/// Why a file cannot be read as the entry of a container.
package struct EntryError: Error, Hashable, Sendable {
  /// What the caller may want to tell apart.
  package enum Kind: String, Sendable, CaseIterable {
    /// More than the reader takes.
    case tooLarge
    /// Some other file, or none.
    case noContainer
  }

  package let kind: Kind
  /// What was attempted, on which file.
  package let message: String
  /// What to do about it.
  package let remedy: String

  static func tooLarge(_ path: String, _ count: Int, max: Int) -> EntryError {
    EntryError(
      kind: .tooLarge, message: "cannot read '\(path)' of \(count) bytes: at most \(max) are read",
      remedy: "build without inlined assets, or beside a stats.json")
  }

  static func noContainer(_ path: String, _ reason: String) -> EntryError {
    EntryError(
      kind: .noContainer, message: "'\(path)' is no entry of a federated build: \(reason)",
      remedy:
        "name the file that ModuleFederationPlugin's 'filename' names, remoteEntry.js as a rule")
  }
}

extension EntryError: CustomStringConvertible {
  /// The message and the remedy.
  package var description: String { "\(message); \(remedy)" }
}
