extension UnsafeMutableRawBufferPointer {
  /// Writes a number; traps outside of the buffer.
  func store(_ number: some FixedWidthInteger & BitwiseCopyable, at offset: Int) {
    storeBytes(of: number.littleEndian, toByteOffset: offset, as: type(of: number))
  }

  /// Writes bytes; traps outside of the buffer.
  func store(bytes: UnsafeRawBufferPointer, at offset: Int) {
    UnsafeMutableRawBufferPointer(rebasing: self[offset..<offset + bytes.count])
      .copyMemory(from: bytes)
  }

  /// The first `count` bytes, to read.
  func first(_ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[..<count])
  }
}
