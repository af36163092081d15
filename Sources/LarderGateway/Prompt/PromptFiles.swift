import LarderCore
import NIOCore

/// Files that were asked for lately, as they are sent.
///
/// Two generations, so that nothing has to be kept in order: what is asked for moves to the young one,
/// and when that has half of the room the old one goes.
final class PromptFiles: Sendable {
  /// The largest file that is kept: one stored piece, as an answer has in memory at a time.
  static let fileBytesMax = PageContent.pieceBytesMax

  /// Memory for all of them: what the pages of some teams load.
  static let bytesMax = 64 << 20

  /// What a file takes besides its bytes: fields, keys, and its places in tables.
  private static let overheadBytes = 2_048

  private struct State {
    var young: [PromptFile.Key: PromptFile] = [:]
    var old: [PromptFile.Key: PromptFile] = [:]
    var youngBytes = 0
  }

  private let bytesMax: Int
  private let state = Locked(State())

  /// - Parameter bytesMax: for both generations.
  init(bytesMax: Int = PromptFiles.bytesMax) { self.bytesMax = bytesMax }

  /// Nil where it has to be looked for.
  func file(_ key: PromptFile.Key) -> PromptFile? {
    // Returned with what goes, which is freed outside of the lock.
    state.withLock { state -> (PromptFile?, [PromptFile.Key: PromptFile]) in
      if let file = state.young[key] { return (file, [:]) }
      guard let file = state.old.removeValue(forKey: key) else { return (nil, [:]) }
      let gone = add(file, key, to: &state)
      return (file, gone)
    }.0
  }

  /// Keeps a file that was sent; one that is too large is not.
  func keep(_ file: PromptFile, _ key: PromptFile.Key) {
    guard file.body.readableBytes <= min(Self.fileBytesMax, bytesMax / 2 - Self.overheadBytes)
    else { return }
    _ = state.withLock { state in
      state.old[key] = nil
      return add(file, key, to: &state)
    }
  }

  /// Forgets a file that is not there any more.
  func forget(_ key: PromptFile.Key) {
    state.withLock { state in
      state.old[key] = nil
      guard let file = state.young.removeValue(forKey: key) else { return }
      state.youngBytes -= Self.size(of: file)
    }
  }

  /// - Returns: what has to go.
  private func add(
    _ file: PromptFile, _ key: PromptFile.Key, to state: inout State
  ) -> [PromptFile.Key: PromptFile] {
    var gone: [PromptFile.Key: PromptFile] = [:]
    let size = Self.size(of: file)
    if state.youngBytes + size > bytesMax / 2 {
      gone = state.old
      state.old = state.young
      state.young = [:]
      state.youngBytes = 0
    }
    if let before = state.young.updateValue(file, forKey: key) {
      state.youngBytes -= Self.size(of: before)
    }
    state.youngBytes += size
    return gone
  }

  private static func size(of file: PromptFile) -> Int { file.body.readableBytes + overheadBytes }
}
