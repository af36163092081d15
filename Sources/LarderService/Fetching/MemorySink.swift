import LarderCore
import LarderOrigin

/// Takes a body into memory.
final class MemorySink: FetchSink {
  private let held = Locked<[UInt8]>([])
  private let url: String

  let canRestart = true

  init(url: String) { self.url = url }

  /// What came.
  var bytes: [UInt8] { held.withLock { $0 } }

  func begin(_ head: FetchHead) async throws {
    if let finding = CodeEvidence.against(contentType: head.contentType, path: url) {
      throw finding
    }
    held.withLock { $0 = [] }
  }

  func receive(_ bytes: [UInt8]) async throws { held.withLock { $0 += bytes } }
}
