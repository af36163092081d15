import Foundation

/// What a store takes for a series of versions.
struct Stored {
  /// Different bytes that were stored, before compression.
  var distinctBytes = 0
  /// Bytes on disk, with headers, lists and indexes but without a database that can be rebuilt.
  var bytes = 0
  /// Pieces that can be looked up.
  var chunks = 0

  /// The sizes of the files below a folder, which is what a file system without blocks would take.
  static func fileBytes(below folder: String) throws -> Int {
    let manager = FileManager.default
    return try manager.subpathsOfDirectory(atPath: folder).reduce(0) { sum, file in
      let attributes = try manager.attributesOfItem(atPath: "\(folder)/\(file)")
      let isFile = attributes[.type] as? FileAttributeType == .typeRegular
      return sum + (isFile ? attributes[.size] as? Int ?? 0 : 0)
    }
  }

  static func megabytes(_ count: Int) -> String { String(format: "%.2f", Double(count) / 1e6) }
}
