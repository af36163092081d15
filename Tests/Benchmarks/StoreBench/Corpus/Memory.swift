import SystemPackage

/// A corpus in memory, end to end.
final class Memory: Sendable {
  // Safety: filled in init, only read afterwards, freed in deinit.
  private nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
  private let ends: [Int]

  var count: Int { ends.count }
  var byteCount: Int { ends.last ?? 0 }

  init(_ corpus: Corpus) throws {
    let reader = FileReader()
    let files = try corpus.files()
    var filled = 0
    var ends: [Int] = []
    bytes = .allocate(byteCount: files.count * Corpus.fileByteCount, alignment: 4096)
    for file in files {
      let read = try reader.read(corpus.folder.appending(file))
      UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]).copyMemory(from: read)
      filled += read.count
      ends.append(filled)
    }
    self.ends = ends
  }

  deinit { bytes.deallocate() }

  /// All bytes, end to end.
  var all: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[..<byteCount]) }

  /// The bytes of one file.
  subscript(_ file: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[(file == 0 ? 0 : ends[file - 1])..<ends[file]])
  }
}
