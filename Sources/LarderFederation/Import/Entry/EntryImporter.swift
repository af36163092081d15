/// Reads a container from the code of its entry, and of the runtime where the build put that into a
/// file of its own.
package struct EntryImporter: Importer {
  /// Files that are looked into for a runtime that is not in the entry: they lie beside it, and
  /// builds with more pages than this name theirs after it.
  private static let runtimeCandidatesMax = 64

  /// Has no settings.
  package init() {}

  /// The code itself.
  package var source: Reading.Source { .code }

  /// Where bundlers put the entry, unless told otherwise: webpack, Vite and Next.js.
  package var usualPaths: [String] {
    ["remoteEntry.js", "assets/remoteEntry.js", "static/chunks/remoteEntry.js"]
  }

  /// Whether the file is a script.
  package func recognises(_ file: BuildFile) -> Bool { AssetKind(path: file.path) == .script }

  /// The container of which the file is the entry.
  ///
  /// - Throws: `noContainer` for a file that is no entry, `tooLarge` for one beyond the limits.
  package func containers(
    in file: BuildFile, of files: BuildFiles
  ) throws(ImportError) -> [ImportedContainer] {
    guard file.bytes.count <= JavaScriptCode.bytesMax else {
      throw .tooLong(file.path, file.bytes.count, max: JavaScriptCode.bytesMax)
    }
    let code = String(decoding: file.bytes, as: UTF8.self)
    if var reader = EntryReader(code, path: file.path), !reader.isModuleOfVite {
      if reader.lacksRuntime, let runtime = runtime(of: reader, in: files),
        let whole = EntryReader(code, path: file.path, runtime: runtime)
      {
        reader = whole
      }
      var container = ImportedContainer(reader.facts())
      container.names = reader.chunkNames
      return [container]
    }
    if let entry = ViteEntry(code, path: file.path, file: files.text) {
      return [ImportedContainer(entry.facts())]
    }
    throw .noEntry(file.path, Self.description(of: code))
  }

  /// The file whose chunks report to the same global and which can load chunks.
  private func runtime(
    of reader: EntryReader, in files: BuildFiles
  ) -> (path: String, text: String)? {
    guard let global = reader.runtime.chunkGlobal else { return nil }
    let scripts = files.paths().filter { AssetKind(path: $0) == .script && $0 != reader.path }
    let likely =
      scripts.filter { $0.contains("runtime") } + scripts.filter { !$0.contains("runtime") }
    for path in likely.prefix(Self.runtimeCandidatesMax) {
      guard let code = files.text(path), code.contains(global), let runtime = EntryRuntime(code),
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
