/// One chunk of a container's runtime.
package struct ChunkFacts: Codable, Hashable, Sendable {
  /// As the runtime's tables name it.
  package var id: String
  /// Given by the build's configuration; usually none.
  package var names: [String]
  /// Code and style sheets that loading the chunk loads; may be empty.
  package var files: [String]
  /// Images, fonts, source maps and the like that belong to its modules.
  package var auxiliaryFiles: [String]
  /// Chunks that `import()` inside this chunk's modules can load later.
  package var opens: [String]

  /// A chunk without lazy children unless told.
  package init(
    id: String, names: [String] = [], files: [String], auxiliaryFiles: [String] = [],
    opens: [String] = []
  ) {
    self.id = id
    self.names = names
    self.files = files
    self.auxiliaryFiles = auxiliaryFiles
    self.opens = opens
  }
}
