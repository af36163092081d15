/// A source of facts: what it is called, what it needs to be given, what it yields.
///
/// `BuildImport` tells the sources apart, asks each that a build has, and holds what they say
/// against one another. A new source is one type that says this much of itself, and a place in the
/// list there.
package protocol Importer: Sendable {
  /// What its facts are marked with; sources are trusted in the order of the cases.
  var source: Reading.Source { get }
  /// Where the file lies unless somebody names it, the likeliest path first; below the build's root.
  var usualPaths: [String] { get }

  /// Whether a file that somebody names, or that lies at a usual path, is of this kind. Looks at
  /// the name and at the beginning; whether all is well is for the import to say.
  func recognises(_ file: BuildFile) -> Bool

  /// Every container that the file tells of, in its order; at least one.
  ///
  /// What the file leaves open, wholly or in part, is marked as unknown with the reason: another
  /// source may know it.
  /// - Parameter files: the other files of the build, for what the file refers to.
  /// - Throws: `ImportError` of every kind but `noSource`.
  func containers(
    in file: BuildFile, of files: BuildFiles
  ) throws(ImportError) -> [ImportedContainer]
}

/// What an importer yields.
package struct ImportedContainer: Sendable {
  package var facts: ContainerFacts
  /// Gives the files of chunks that the source does not list; nil where nothing does.
  var names: ChunkNames?

  /// - Parameter facts: with `reading`, which says what was read.
  package init(_ facts: ContainerFacts) { self.facts = facts }
}
