import Foundation
import LarderCore
import LarderPlatform
import SystemPackage

/// Files of one size in folders of 256, the same for the same seed: what all contenders take in.
struct Corpus {
  /// 16 KiB: about the median file of a federated build.
  static let fileByteCount = 16 << 10
  /// 256 MiB in all: large enough that a peer's start costs under a tenth of its run, small enough
  /// that a round of all of them ends within half a minute.
  static let fileCountDefault = 16_384

  let folder: FilePath

  /// Writes the files unless they are there.
  func make(files: Int, seed: UInt64) throws {
    let folder = URL(filePath: folder.string)
    let stamp = folder.appending(path: "..").appending(path: "\(folder.lastPathComponent).stamp")
    let wanted = "\(files) files, seed \(seed)\n"
    // No stamp means that there is no whole corpus.
    if (try? String(contentsOf: stamp, encoding: .utf8)) == wanted { return }
    // Likewise: what is not there need not be removed.
    try? FileManager.default.removeItem(at: folder)
    var text = BundleText(seed: seed)
    for file in 0..<files {
      let parent = folder.appending(path: "part-\(file / 256)")
      if file % 256 == 0 {
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      }
      try Data(text.next(byteCount: Corpus.fileByteCount))
        .write(to: parent.appending(path: "\(file).js"))
    }
    try Data(wanted.utf8).write(to: stamp)
  }

  /// The paths of the files below `folder`, in a fixed order.
  func files() throws -> [String] {
    try FileSystem.real.names(in: folder).flatMap { part in
      try FileSystem.real.names(in: folder.appending(part)).map { "\(part)/\($0)" }
    }
  }
}
