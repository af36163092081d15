import Foundation

/// Successive versions of one thing, each a folder of files, in memory.
struct Versions: CustomStringConvertible {
  let name: String
  /// The folders, in the order of their names.
  let folders: [String]
  /// The contents of every file of every version, in a fixed order.
  let files: [Data]

  init(folder: String) throws {
    name = URL(filePath: folder).lastPathComponent
    folders = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .map { "\(folder)/\($0)" }
    var files: [Data] = []
    for version in folders {
      for file in try FileManager.default.subpathsOfDirectory(atPath: version).sorted() {
        let url = URL(filePath: "\(version)/\(file)")
        if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
          files.append(try Data(contentsOf: url))
        }
      }
    }
    self.files = files
  }

  var byteCount: Int { files.reduce(0) { $0 + $1.count } }

  var description: String {
    "\(name): \(folders.count) versions, \(files.count) files, \(Stored.megabytes(byteCount)) MB"
  }
}
