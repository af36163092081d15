import LarderCore
import Testing

@Suite("A digest")
struct DigestTests {
  private static let text = "00112233445566778899aabbccddeeff0123456789abcdefFEDCBA9876543210"

  @Test("comes back from its hexadecimal digits, of either case, in lower case")
  func hex() throws {
    let digest = try #require(Digest(hex: Self.text))
    #expect(digest.hex == Self.text.lowercased())
    #expect(digest.bytes.count == 32)
    #expect(digest.bytes.prefix(3) == [0x00, 0x11, 0x22])
    #expect(digest.bytes.suffix(2) == [0x32, 0x10])
    #expect(Digest(digest.bytes) == digest)
  }

  @Test(
    "is not made of anything but 64 digits",
    arguments: [
      "", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
      String(repeating: "0", count: 63) + "g", String(repeating: "é", count: 32),
    ])
  func notHex(_ text: String) {
    #expect(Digest(hex: text) == nil)
  }

  @Test("is not made of 31 or 33 bytes", arguments: [31, 33])
  func notBytes(_ count: Int) {
    #expect(Digest([UInt8](repeating: 0, count: count)) == nil)
  }

  @Test("orders as its bytes do, first byte first")
  func order() throws {
    var low = [UInt8](repeating: 0xff, count: 32)
    low[0] = 0x01
    var high = [UInt8](repeating: 0, count: 32)
    high[0] = 0x02
    #expect(try #require(Digest(low)) < #require(Digest(high)))
  }

  @Test("tells apart values that differ in one bit of any byte", arguments: 0..<32)
  func equality(_ place: Int) throws {
    let zero = [UInt8](repeating: 0, count: 32)
    var other = zero
    other[place] = 1
    #expect(Digest(zero) != Digest(other))
    #expect(Set([Digest(zero), Digest(other), Digest(zero)]).count == 2)
  }

  @Test("lends its bytes in order")
  func lending() throws {
    let digest = try #require(Digest(hex: Self.text))
    #expect(digest.withUnsafeBytes { Array($0) } == digest.bytes)
    let copy = digest.bytes.withUnsafeBytes { Digest(copying: $0) }
    #expect(copy == digest)
  }
}
