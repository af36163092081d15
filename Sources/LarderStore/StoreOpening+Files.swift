import LarderCore
import LarderPlatform
import SystemPackage

/// Its folder, and the segment files in it.
extension StoreOpening {
  func prepareDirectories() throws(StoreError) {
    for path in [directory, segmentsDirectory] {
      let (isNew, status) = try attempting("open the store at \(directory)") {
        () throws(SystemCallError) in
        (try system.createDirectory(path), try system.status(of: path))
      }
      // A folder above that may not be read cannot be synced; whoever made it answers for its
      // names.
      let above = path.removingLastComponent()
      if isNew { try? system.synchronizeDirectory(above.isEmpty ? "." : above) }
      // Who may write there can take the lock's name away, or put files of his own in place of
      // ours.
      guard status.permissions & 0o022 == 0 else {
        throw StoreError(
          .insecure,
          "cannot open the store at \(directory): others may write in \(path); chmod go-w it")
      }
    }
    try attempting("create the store at \(directory)") { () throws(SystemCallError) in
      try system.synchronizeDirectory(directory)
    }
  }

  /// Opens the folder of the segments, to be synced.
  func openFolder() throws(StoreError) -> File {
    try attempting("open the segments") { () throws(SystemCallError) -> File in
      try system.open(segmentsDirectory, for: .read)
    }
  }

  /// Opens every segment file that has a sound header.
  mutating func openFiles() throws(StoreError) -> [OpenedFile] {
    let directory = segmentsDirectory
    let names = try attempting("list the segments") { () throws(SystemCallError) in
      try system.names(in: directory)
    }
    var files: [OpenedFile] = []
    for name in names {
      guard let id = Segment.id(fileName: name) else { continue }
      state.nextSegment = max(state.nextSegment, id + 1)
      if let file = try openFile(directory.appending(name), id: id) { files.append(file) }
    }
    guard files.count <= Store.Options.segmentsMax else {
      throw StoreError(
        .tooLarge,
        "the store at \(self.directory) has \(files.count) segments, more than \(Store.Options.segmentsMax)"
      )
    }
    return files
  }

  private mutating func openFile(_ path: FilePath, id: UInt64) throws(StoreError) -> OpenedFile? {
    let file = try attempting("open a segment") { () throws(SystemCallError) -> File in
      try system.open(path, for: .readWrite)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: SegmentHeader.byteCount, alignment: 8)
    defer { buffer.deallocate() }
    let (count, size) = try attempting("read a segment") { () throws(SystemCallError) in
      (try file.read(into: buffer, at: 0), try file.size())
    }
    switch SegmentHeader.parse(buffer.first(count)) {
    case .header(let header) where header.id == id:
      return OpenedFile(segment: Segment(header: header, file: file), size: size)
    case .blank:
      // Reserved, but nothing was ever written: the writer died, or the disk was full.
      try attempting("remove an empty segment") { () throws(SystemCallError) in
        try system.unlink(path)
      }
    case .unsupported(let version):
      throw StoreError(
        .unsupportedFormat,
        "\(path) has format \(version), this Larder knows \(SegmentHeader.version): use the newer one"
      )
    case .header, .damaged:
      report.unreadableSegments += 1
      // Where its blocks cannot be told its length is near enough.
      state.unreadableBytes += (try? file.allocatedBytes()) ?? size
    }
    return nil
  }
}
