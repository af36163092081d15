import LarderClient

/// Writes a tar archive that appears when it is whole.
struct TarOutput: ~Copyable {
  private var file: OutputFile
  private var leftBytes: Int64 = 0
  private var paddingBytes = 0

  init(path: String) throws(ClientError) { file = try OutputFile(path: path) }

  /// Adds a whole file.
  mutating func add(_ path: String, _ content: [UInt8]) throws(ClientError) {
    try begin(path, sizeBytes: Int64(content.count))
    try write(content)
  }

  /// Adds the head of a file, whose content follows.
  mutating func begin(_ path: String, sizeBytes: Int64) throws(ClientError) {
    try end()
    let entry = TarEntry(path: path, sizeBytes: sizeBytes)
    precondition(sizeBytes <= TarEntry.sizeMax, "blobs are smaller")
    try put(entry.block)
    (leftBytes, paddingBytes) = (sizeBytes, entry.paddingBytes)
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ClientError) {
    leftBytes -= Int64(bytes.count)
    try file.write(bytes)
  }

  private mutating func write(_ bytes: [UInt8]) throws(ClientError) {
    leftBytes -= Int64(bytes.count)
    try put(bytes)
  }

  /// Adds the end mark, and makes the file appear.
  mutating func commit() throws(ClientError) {
    try end()
    try put([UInt8](repeating: 0, count: 2 * TarEntry.blockBytes))
    try file.commit()
  }

  private mutating func end() throws(ClientError) {
    precondition(leftBytes == 0, "a file in an archive is as long as its head says")
    try put([UInt8](repeating: 0, count: paddingBytes))
    paddingBytes = 0
  }

  private mutating func put(_ bytes: [UInt8]) throws(ClientError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(ClientError) in
      try file.write(UnsafeRawBufferPointer(bytes))
    }
  }
}
