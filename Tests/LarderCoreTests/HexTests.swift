import LarderCore
import Testing

@Suite struct HexTests {
  @Test("Every byte comes back from its two digits, of either case")
  func allBytes() {
    let bytes = Array(UInt8.min...UInt8.max)
    let text = Hex.encode(bytes)
    #expect(text.count == 512 && text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
    #expect(Hex.decode(text) == bytes)
    #expect(Hex.decode(text.uppercased()) == bytes)
    #expect(Hex.encode([]).isEmpty && Hex.decode("") == [])
  }

  @Test(
    "Text that is no pairs of digits is nothing",
    arguments: ["0", "000", "0g", "g0", " 0", "0x", "/0", ":0", "@0", "G0", "`0", "é"])
  func badText(text: String) { #expect(Hex.decode(text) == nil) }
}
