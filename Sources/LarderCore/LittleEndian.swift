// Every number on disk and on the wire is little-endian and need not be aligned.

extension UnsafeRawBufferPointer {
  /// Reads an integer.
  ///
  /// - Precondition: `offset` and the integer's bytes lie within the buffer.
  @inlinable package func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Value.Type = Value.self
  ) -> Value {
    Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}

extension [UInt8] {
  /// Appends an integer, lowest byte first.
  @inlinable package mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends the 32 bytes of a digest.
  package mutating func append(_ digest: Digest) {
    digest.withUnsafeBytes { append(contentsOf: $0) }
  }
}
