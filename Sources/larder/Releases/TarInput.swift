import LarderClient

/// Reads a tar archive from its begin to its end, one file after the other.
struct TarInput: ~Copyable {
  private var file: InputFile
  /// Of the present entry.
  private var leftBytes: Int64 = 0
  private var paddingBytes = 0

  init(_ file: consuming InputFile) { self.file = file }

  /// The next entry; nil at the end mark. What was not read of the one before is passed over.
  ///
  /// - Throws: `truncated` for what is no archive, and for one that ends too early.
  mutating func next() throws(ClientError) -> TarEntry? {
    try skip()
    let block = try exactly(TarEntry.blockBytes)
    if block.allSatisfy({ $0 == 0 }) { return nil }
    guard let entry = TarEntry(reading: block) else {
      throw .archive(file.name, "it has a damaged head")
    }
    leftBytes = entry.sizeBytes
    paddingBytes = entry.paddingBytes
    return entry
  }

  /// Fills a part of `buffer` with content of the present entry; 0 at its end.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ClientError) -> Int {
    guard leftBytes > 0 else { return 0 }
    let part = UnsafeMutableRawBufferPointer(
      rebasing: buffer.prefix(Int(min(leftBytes, Int64(buffer.count)))))
    let count = try file.read(into: part)
    guard count > 0 else { throw .archive(file.name, "it ends in the middle") }
    leftBytes -= Int64(count)
    return count
  }

  /// All content of the present entry.
  mutating func content() throws(ClientError) -> [UInt8] {
    let count = Int(leftBytes)
    leftBytes = 0
    return try exactly(count)
  }

  private mutating func skip() throws(ClientError) {
    while leftBytes > 0 {
      let count = Int(min(leftBytes, 1 << 16))
      _ = try exactly(count)
      leftBytes -= Int64(count)
    }
    _ = try exactly(paddingBytes)
    paddingBytes = 0
  }

  private mutating func exactly(_ count: Int) throws(ClientError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { buffer.deallocate() }
    var done = 0
    while done < count {
      let part = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
      guard part > 0 else { throw .archive(file.name, "it ends in the middle") }
      done += part
    }
    return Array(buffer)
  }
}
