package import LarderCore
import LarderPlatform
import SystemPackage

extension Store {
  /// Adds up what all files of the store take on disk now; after a `sync`, and with nobody writing,
  /// this is `statistics.diskBytes`.
  ///
  /// - Throws: `io` where a file cannot be looked at.
  package func recount() throws(StoreError) -> ByteCount {
    try attempting("count the files of the store") { () throws(SystemCallError) -> ByteCount in
      ByteCount(
        try system.allocatedBytes(in: directory) + system.allocatedBytes(in: segmentsDirectory))
    }
  }

  /// Looks again at what these segments take on disk, and the files beside them: databases, their
  /// logs, the reserve.
  func measure(_ slots: some Sequence<Int>) {
    for slot in slots {
      let item = state.withLock { $0.segments.contains(slot) ? $0.segments[slot] : nil }
      // What cannot be looked at now is counted as before.
      guard let segment = item?.segment, let bytes = try? segment.file.allocatedBytes() else {
        continue
      }
      state.withLock { state in
        guard state.segments.contains(slot), state.segments[slot].segment === segment else {
          return
        }
        state.segments[slot].fileBytes = bytes
      }
    }
    // As above.
    guard let bytes = try? system.allocatedBytes(in: directory) else { return }
    state.withLock { $0.overheadBytes = bytes }
  }
}

extension FileSystem {
  /// Bytes that the files in a directory take on disk; folders in it are left out.
  fileprivate func allocatedBytes(in directory: FilePath) throws(SystemCallError) -> Int64 {
    var sum: Int64 = 0
    for name in try names(in: directory) {
      do {
        let status = try status(of: directory.appending(name))
        if status.isFile { sum += status.allocatedBytes }
      } catch {
        // SQLite removes its logs when it likes.
        guard error.errno == .noSuchFileOrDirectory else { throw error }
      }
    }
    return sum
  }
}
