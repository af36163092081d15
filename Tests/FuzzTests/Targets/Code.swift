@testable import LarderFederation

/// Any text can be looked into.
func fuzzCode(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  let text = String(decoding: bytes, as: UTF8.self)
  let chunk = ChunkCode(text)
  if let ids = chunk.declaredIDs { try hold(!ids.isEmpty, "a chunk that names itself has a name") }
  for line in text.split(separator: "\n").prefix(8) {
    let line = String(line)
    _ = ModuleIdentifier.containerEntry(line)
    _ = ModuleIdentifier.provide(line)
    _ = ModuleIdentifier.consume(line)
    _ = ModuleIdentifier.remote(line)
    _ = ModuleIdentifier.external(line)
  }
}
