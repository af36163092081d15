import Testing

@testable import LarderStore

@Suite("SipHash")
struct SipHashTests {
  /// From the reference vectors of the paper's authors: the key is 00…0f, the input its first n
  /// bytes.
  @Test(
    "SipHash-2-4 gives the published codes",
    arguments: [
      (0, 0x726f_db47_dd0e_0e31), (7, 0xab02_00f5_8b01_d137), (8, 0x93f5_f579_9a93_2462),
      (15, 0xa129_ca61_49be_45e5),
    ] as [(Int, UInt64)])
  func vectors(count: Int, code: UInt64) {
    let key = SipHash.Key(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)
    let bytes = (0..<count).map { UInt8($0) }
    #expect(bytes.withUnsafeBytes { SipHash.hash($0, key: key) } == code)
  }

  @Test("The extra number stands before the bytes, and the key changes the code")
  func extra() {
    let key = SipHash.Key(low: 1, high: 2)
    let code = [1, 2, 3].withUnsafeBytes { SipHash.hash($0, extra: 0x0807_0605, key: key) }
    let joined: [UInt8] = [5, 6, 7, 8, 0, 0, 0, 0] + bytes([1, 2, 3])
    #expect(joined.withUnsafeBytes { SipHash.hash($0, key: key) } == code)
    let other = SipHash.Key(low: 1, high: 3)
    #expect(joined.withUnsafeBytes { SipHash.hash($0, key: other) } != code)
  }

  private func bytes(_ numbers: [Int]) -> [UInt8] { numbers.withUnsafeBytes { Array($0) } }
}
