import CPlatform

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4): finds torn and rotten bytes, stops nobody who means it.
package enum CRC32C {
  /// The checksum of `bytes`: some 8 GB/s with the processor's instruction, 1 GB/s by table.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    larder_crc32c(0, bytes.baseAddress, bytes.count)
  }
}
