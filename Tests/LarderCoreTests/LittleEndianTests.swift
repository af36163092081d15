import LarderCore
import Testing

@Suite("Little-endian numbers")
struct LittleEndianTests {
  @Test("have their lowest byte first and need no alignment", arguments: 0..<8)
  func unaligned(_ offset: Int) {
    var bytes = [UInt8](repeating: 0xee, count: offset)
    bytes.append(littleEndian: 0x0102_0304_0506_0708 as UInt64)
    #expect(bytes.suffix(8) == [8, 7, 6, 5, 4, 3, 2, 1])
    let value = bytes.withUnsafeBytes { $0.littleEndian(at: offset, as: UInt64.self) }
    #expect(value == 0x0102_0304_0506_0708)
  }
}
