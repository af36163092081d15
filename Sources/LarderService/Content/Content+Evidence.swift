import LarderCore
import LarderFederation

extension Content {
  /// Looks for evidence that a stored blob is not the file that a build calls `path`.
  ///
  /// Reads the beginning of scripts only.
  /// - Throws: `notJavaScript`, and what the store refuses.
  func examine(
    _ stat: BlobStat, as path: String, of facts: ContainerFacts, in realms: [RealmID]
  ) async throws(ServiceError) {
    guard CodeEvidence.namesScript(path), !facts.chunkIDs(in: path).isEmpty else { return }
    let end = min(stat.size.value, Int64(ChunkCode.headSize))
    let head = try await read(stat.digest, range: 0..<end, in: realms)
    if let finding = CodeEvidence.against(head, path: path) { throw finding }
    if let finding = CodeEvidence.against(chunk: head, path: path, of: facts) { throw finding }
  }
}
