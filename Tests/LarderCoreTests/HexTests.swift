import LarderCore
import Testing

@Suite("Base 16")
struct HexTests {
  @Test("gives every byte back")
  func roundTrip() {
    let bytes = Array(UInt8.min...UInt8.max)
    #expect(Hex.encode(bytes).count == 512)
    #expect(Hex.decode(Hex.encode(bytes)) == bytes)
  }

  @Test("takes digits of either case")
  func cases() {
    #expect(Hex.decode("aAfF09") == [0xaa, 0xff, 0x09])
  }

  @Test("refuses odd counts and other characters", arguments: ["0", "0g", " 0", "0x", "é"])
  func refuses(_ text: String) {
    #expect(Hex.decode(text) == nil)
  }
}
