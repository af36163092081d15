import LarderCore

/// Files that were made of others for pages, so that an entry is not read and searched for each page.
///
/// What is dropped is made again, and has the same bytes.
final class DerivedFiles: Sendable {
  /// What one is made of.
  struct Source: Hashable {
    let digest: Digest
    let path: String
    let isModule: Bool
  }

  /// What came of it.
  struct File: Sendable {
    /// Nil where there was nothing to change.
    let bytes: [UInt8]?
    let digest: Digest
  }

  /// Memory for all of them: a hundred entries of 300 KiB.
  static let bytesMax = 32 << 20

  /// Those without a change take next to no memory, but some: ten for each release that
  /// `RecordedReleases` keeps.
  static let countMax = 2_560

  private struct State {
    var files: [Source: File] = [:]
    var byteCount = 0
  }

  private let state = Locked(State())

  func file(of source: Source) -> File? { state.withLock { $0.files[source] } }

  /// Keeps one; all others go first where it has no room, and one without any room is not kept.
  func keep(_ file: File, of source: Source) {
    let size = file.bytes?.count ?? 0
    guard size <= Self.bytesMax else { return }
    state.withLock { state in
      if state.byteCount + size > Self.bytesMax || state.files.count >= Self.countMax {
        state = State()
      }
      guard state.files.updateValue(file, forKey: source) == nil else { return }
      state.byteCount += size
    }
  }
}
