import Foundation

/// What a store takes for a series of versions, without the names of files where it tells.
struct Stored: CustomStringConvertible {
  /// Different bytes that were stored, before compression.
  var distinctBytes = 0
  /// What became of them, with the headers and lists that reading needs.
  var bytes = 0
  /// Pieces that can be looked up.
  var chunks = 0

  var description: String {
    "\(Stored.megabytes(distinctBytes)) / \(Stored.megabytes(bytes)) / \(chunks)"
  }

  static func megabytes(_ count: Int) -> String { String(format: "%.2f", Double(count) / 1e6) }
}
