import BenchRig

/// A store that takes in a corpus as a process of its own: Larder, or a peer of it.
protocol Contender {
  var name: String { get }
  /// What it syncs by itself before it says that it is done.
  var promise: String { get }

  /// Prepares an empty store in `folder`, which exists and is empty; not timed.
  func prepare(_ folder: String) throws

  /// Takes in every file of the corpus.
  func ingest(_ corpus: String, into folder: String) throws -> Cost
}
