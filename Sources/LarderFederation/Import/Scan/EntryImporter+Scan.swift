extension EntryImporter {
  /// A scan that starts from the container whose entry is at `path`.
  ///
  /// - Throws: as `container(at:)`.
  package func scan(at path: String) throws(EntryError) -> AssetScan {
    let (facts, names) = try reading(at: path)
    return AssetScan(facts, names: names)
  }

  /// The container at `path` with all its files, read from where `text` finds them.
  ///
  /// - Throws: as `container(at:)`.
  package func wholeContainer(at path: String) throws(EntryError) -> ContainerFacts {
    var scan = try scan(at: path)
    let present = Set(paths())
    while let next = scan.next() {
      if [.script, .style].contains(AssetKind(path: next)), let found = text(next) {
        scan.read(next, found)
      } else if !present.contains(next) {
        scan.miss(next)
      }
    }
    return scan.outcome()
  }
}
