import Testing

@testable import LarderPlatform

@Suite("CRC-32C")
struct CRC32CTests {
  /// RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
  @Test(
    "It gives the published values, by instruction and by table",
    arguments: [
      ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
      ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
      ((0..<32).map { UInt8($0) }, 0x46dd_794e),
      (Array("123456789".utf8), 0xe306_9283),
      ([], 0),
    ] as [([UInt8], UInt32)])
  func vectors(bytes: [UInt8], value: UInt32) {
    #expect(bytes.withUnsafeBytes { CRC32C.checksum($0) } == value)
    #expect(bytes.withUnsafeBytes { CRC32C.portable($0) } == value)
  }

  @Test("Instruction and table agree at every length and alignment")
  func agreement() {
    let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
    bytes.withUnsafeBytes { buffer in
      for start in 0..<9 {
        for end in start...buffer.count {
          let part = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
          #expect(CRC32C.checksum(part) == CRC32C.portable(part))
        }
      }
    }
  }
}
