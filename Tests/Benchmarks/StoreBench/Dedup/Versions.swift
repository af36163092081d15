import Foundation

/// Successive versions of one thing, each a folder of files, in memory.
struct Versions: CustomStringConvertible {
  let name: String
  /// The folders, in the order of their names.
  let folders: [String]
  /// The contents of every file of every version, in a fixed order.
  let files: [Data]

  init(folder: String) throws {
    let manager = FileManager.default
    name = URL(filePath: folder).lastPathComponent
    folders = try manager.contentsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" }
    var files: [Data] = []
    for version in folders {
      for file in try manager.subpathsOfDirectory(atPath: version).sorted() {
        let path = "\(version)/\(file)"
        let type = try manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        if type == .typeRegular { files.append(try Data(contentsOf: URL(filePath: path))) }
      }
    }
    self.files = files
  }

  var byteCount: Int { files.reduce(0) { $0 + $1.count } }

  var description: String {
    "\(name): \(folders.count) versions, \(files.count) files, \(Stored.megabytes(byteCount)) MB"
  }
}
