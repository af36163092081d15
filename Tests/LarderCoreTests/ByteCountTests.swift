import Foundation
import LarderCore
import Testing

@Suite struct ByteCountTests {
  @Test(
    "A count is written for people, rounded down to a tenth",
    arguments: [
      (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
      (1_048_575, "1023.9 KiB"), (1 << 20, "1.0 MiB"), (20 << 20, "20.0 MiB"),
      (1 << 30, "1.0 GiB"), (1 << 40, "1.0 TiB"), (5000 << 40, "5000.0 TiB"),
    ])
  func description(value: Int, text: String) { #expect(ByteCount(value).description == text) }

  @Test("The largest count has a description too")
  func largest() { #expect(ByteCount(Int64.max).description.hasSuffix(" TiB")) }

  @Test("Units, sums and order are those of the numbers")
  func arithmetic() {
    #expect(ByteCount.kibibytes(3).value == 3072)
    #expect(ByteCount.mebibytes(3).value == 3_145_728)
    #expect(ByteCount.gibibytes(3).value == 3_221_225_472)
    var sum = ByteCount.zero
    sum += ByteCount(2)
    #expect(sum + ByteCount(3) == ByteCount(5))
    #expect(ByteCount(2) < ByteCount(3) && !(ByteCount(3) < ByteCount(3)))
  }

  @Test("In JSON a count is a bare number, and a negative one is refused")
  func json() throws {
    let text = try JSONEncoder().encode([ByteCount(7)])
    #expect(String(decoding: text, as: UTF8.self) == "[7]")
    #expect(try JSONDecoder().decode([ByteCount].self, from: text) == [ByteCount(7)])
    for bad in ["[-1]", "[1.5]", "[\"1\"]"] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode([ByteCount].self, from: Data(bad.utf8))
      }
    }
  }
}
