import CPlatform

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4): finds torn and rotten bytes, stops nobody who
/// means it.
package enum CRC32C {
  /// The checksum of `bytes`: some 8 GB/s with the processor's instruction, 1 GB/s by table.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    larder_crc32c(0, bytes.baseAddress, bytes.count)
  }
}

extension CRC32C {
  /// The same by table: what a processor without the instruction computes.
  static func portable(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    larder_crc32c_portable(0, bytes.baseAddress, bytes.count)
  }
}
