import LarderCoding
import LarderCore

/// What was encoded for pages, so that each content is encoded once in each coding.
///
/// ```
///   memory ──no──> keyed entry of the realm ──no──> encode (few at a time) ──> store, entry, memory
///                        │ decode once: it has to be the content
///                        └──────────────────────────────────────────────────────────────> memory
/// ```
final class Encodings: Sendable {
  /// One content in one coding, for one realm.
  struct Key: Hashable {
    let realm: RealmID
    let digest: Digest
    let coding: ContentCoding
  }

  /// Contents that are remembered: a hundred bytes each.
  static let countMax = 16_384

  /// Memory for what is not in the store: some hundred plans.
  static let bytesMax = 16 << 20

  /// Encodings that are made at a time: one core does nothing else then.
  static let runningMax = 1

  /// Encoded content has at least a twentieth less, or is not worth its decoding.
  static func isWorthwhile(_ encoded: Int, of size: Int) -> Bool { encoded < size - size / 20 }

  private struct State {
    var made: [Key: EncodedContent] = [:]
    var byteCount = 0
    var running: [Key: Task<EncodedContent, Never>] = [:]
    /// The encoding that was begun last; each waits for the one before.
    var last: Task<Void, Never>?
  }

  private let state = Locked(State())

  /// What is known already, without waiting.
  func content(_ key: Key) -> EncodedContent? { state.withLock { $0.made[key] } }

  /// What is made now, by whoever asked first, and is remembered then.
  func content(
    _ key: Key, making make: @escaping @Sendable () async -> EncodedContent
  ) async -> EncodedContent {
    let task = state.withLock { state in
      if let running = state.running[key] { return running }
      let earlier = state.last
      let task = Task {
        await earlier?.value
        let made = await make()
        self.keep(made, key)
        return made
      }
      state.running[key] = task
      state.last = Task { _ = await task.value }
      return task
    }
    return await task.value
  }

  /// Forgets what proves to be gone.
  func forget(_ key: Key) {
    state.withLock { state in
      guard case .bytes(let bytes, _)? = state.made.removeValue(forKey: key) else { return }
      state.byteCount -= bytes.count
    }
  }

  /// All others go first where there is no room.
  private func keep(_ content: EncodedContent, _ key: Key) {
    state.withLock { state in
      state.running[key] = nil
      let size = if case .bytes(let bytes, _) = content { bytes.count } else { 0 }
      guard size <= Self.bytesMax else { return }
      if state.byteCount + size > Self.bytesMax || state.made.count >= Self.countMax {
        state.made = [:]
        state.byteCount = 0
      }
      state.made[key] = content
      state.byteCount += size
    }
  }
}
