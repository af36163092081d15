import Foundation
import Testing

@testable import larder

@Suite("Decompressing DEFLATE")
struct InflateTests {
  /// 400 words of TypeScript, as zlib compresses them: a block with codes of its own.
  static let sample = [UInt8](
    Data(
      base64Encoded:
        """
        jVZZTsMwEL1K7mHBN59cobQGVWqTygkSyPLdsTKb30yQKipvGb95s5p1K9f5azov87pN8/f9I5fp5XXKP4+lbNMl\
        n2+nkqc0veXTpX+Sg5WuPcryWEWYRa7zlsvn6Zw9CKPzJKcmLieMw3IMklhXvNbZ9h8woQ2NCBPIsbLEHih9u8y3\
        X7lGp854AlZRheg0SB4FaewfTTm7z1lc3UWwxi6/l+V+XXfD0VVNcEWCbsqOPypvQ2zMu/ZVjMexuQ616oEKYsCO\
        o0t6lThtBQlD180VjCYopKJ13zOAsoEERX803Vt6y0rJi0gd9TKT2v9UUHOvL1J0Qh2KijkxinMgmY4+E5GQvM0U\
        SOTsI9ZZCtYeOpkd6mCToXgBNYz5d/v4wJhgNdCORijfUJTCTYre1aYuWByaF/OE+NMIjq5mkoav/2qk0Kiym8vc\
        w8kHzpwSQhgbmVxCrx11WpePo5Oe6NOW9aYbeiUhde7qaIBxTcYXuCXcf7PCYmbIrloVh3JM/RAMDX7F+EuwUbqF\
        bN6L1wik0O4AjzctquWpuWuQ5NKF2p5aY1HbWgsPW3LQF7owW6iGBg8etP96HNhmkXDv1TNZHB67KDIWZ/KFZ/2y\
        jS04jRt999BLWEgqZIj2jmgXc+2wDskw9i0aoe/gE9PsvwAxDAWMBeQxT/vZHw==
        """) ?? Data())
  static let size = 2452

  @Test("gives what was compressed")
  func whole() throws {
    let text = String(
      decoding: try Inflate.bytes(of: Self.sample[...], size: Self.size), as: UTF8.self)
    let words = Set(text.split(separator: " "))
    #expect(text.utf8.count == Self.size)
    #expect(words.count == 14)
    #expect(words.isSuperset(of: ["export", "declare", "interface", "readonly", "Promise", "=>"]))
  }

  @Test("takes blocks that are stored, and those with RFC 1951's own codes")
  func otherBlocks() throws {
    let stored: [UInt8] = [1, 3, 0, 0xfc, 0xff, 97, 98, 99]
    #expect(try Inflate.bytes(of: stored[...], size: 3) == [97, 98, 99])
    // "aaaaaaaaaa": a letter, and a copy of nine at distance one.
    let fixed: [UInt8] = [0x4b, 0x84, 0x03, 0x00]
    #expect(try Inflate.bytes(of: fixed[...], size: 10) == [UInt8](repeating: 97, count: 10))
  }

  @Test("refuses more or less than was announced")
  func sizes() {
    #expect(throws: Inflate.Failure.tooLong) {
      try Inflate.bytes(of: Self.sample[...], size: Self.size - 1)
    }
    #expect(throws: Inflate.Failure.truncated) {
      try Inflate.bytes(of: Self.sample[...], size: Self.size + 1)
    }
  }

  @Test("ends with an error wherever the input is cut, and bears any bit that is turned")
  func damage() {
    for count in Self.sample.indices {
      #expect(throws: Inflate.Failure.self) {
        try Inflate.bytes(of: Self.sample[..<count], size: Self.size)
      }
    }
    for bit in 0..<(Self.sample.count * 8) {
      var turned = Self.sample
      turned[bit / 8] ^= 1 << UInt8(bit % 8)
      // Some still decompress, to something else.
      _ = try? Inflate.bytes(of: turned[...], size: Self.size)
    }
  }
}
