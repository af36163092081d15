import Foundation
import LarderCore
import Testing

@Suite struct DigestTests {
  private let text = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

  @Test("Bytes, text and JSON name the same digest")
  func forms() throws {
    let digest = try #require(Digest(hex: text))
    #expect(digest.bytes == Array(0..<32))
    #expect(digest.hex == text && digest.description == text)
    #expect(Digest(Array(0..<32)) == digest)
    #expect(Digest(hex: text.uppercased()) == digest)
    #expect(digest.withUnsafeBytes { Digest(copying: $0) } == digest)
    let json = try JSONEncoder().encode([digest])
    #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
    #expect(try JSONDecoder().decode([Digest].self, from: json) == [digest])
  }

  @Test("What is not 32 bytes is no digest", arguments: [0, 31, 33])
  func lengths(count: Int) {
    #expect(Digest([UInt8](repeating: 1, count: count)) == nil)
    #expect(Digest(hex: String(repeating: "01", count: count)) == nil)
  }

  @Test("Text that is no digest is refused in JSON", arguments: ["", "zz", "01", "é"])
  func badText(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Digest].self, from: Data("[\"\(text)\"]".utf8))
    }
  }

  @Test("Digests are ordered as their bytes are", arguments: 0..<32)
  func order(place: Int) throws {
    var bytes = [UInt8](repeating: 7, count: 32)
    let low = try #require(Digest(bytes))
    bytes[place] = 0x80
    let high = try #require(Digest(bytes))
    #expect(low < high && !(high < low) && low != high)
    #expect(Set([low, high, low]).count == 2)
  }

  @Test("A digest is appended as its bytes, an integer with the lowest byte first")
  func appends() throws {
    let digest = try #require(Digest(hex: text))
    var bytes: [UInt8] = [9]
    bytes.append(digest)
    bytes.append(littleEndian: UInt32(0x0102_0304))
    #expect(bytes == [9] + Array(0..<32) + [4, 3, 2, 1])
    let read: UInt32 = bytes.withUnsafeBytes { $0.littleEndian(at: 33) }
    #expect(read == 0x0102_0304)
  }
}
