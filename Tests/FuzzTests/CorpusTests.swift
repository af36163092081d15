import Foundation
import Testing

@Suite("The corpus of the fuzz targets", .serialized)
struct CorpusTests {
  @Test("leads to no finding", arguments: FuzzTarget.allCases)
  func replay(_ target: FuzzTarget) async throws {
    let folder = try #require(Bundle.module.url(forResource: "Corpus", withExtension: nil))
      .appending(path: target.rawValue)
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    #expect(!files.isEmpty, "\(target) has no corpus")
    for finding in await findings(of: target, files) { Issue.record("\(finding)") }
  }

  /// On a thread of its own: under a sanitizer it takes long, and other tests need the cooperative
  /// pool meanwhile.
  private func findings(of target: FuzzTarget, _ files: [URL]) async -> [String] {
    await withCheckedContinuation { ended in
      Thread.detachNewThread {
        ended.resume(returning: files.compactMap { finding(of: target, $0) })
      }
    }
  }
}

/// What a file refutes; nil for nothing.
private func finding(of target: FuzzTarget, _ file: URL) -> String? {
  do {
    try Array(Data(contentsOf: file)).lent { (bytes) throws(FuzzFinding) in try target.run(bytes) }
    return nil
  } catch {
    return "\(target)/\(file.lastPathComponent) \(error)"
  }
}
