import LarderCore
import Testing

@Suite("A byte count")
struct ByteCountTests {
  @Test(
    "reads as people write sizes, rounded down to a tenth",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1535, "1.4 KiB"), (1536, "1.5 KiB"),
      ((1 << 20) - 1, "1023.9 KiB"), (1 << 20, "1.0 MiB"), (20 << 20, "20.0 MiB"),
      (3 << 30, "3.0 GiB"), (5 << 40, "5.0 TiB"), (5000 << 40, "5000.0 TiB"),
    ] as [(Int64, String)])
  func description(_ value: Int64, _ text: String) {
    #expect(ByteCount(value).description == text)
  }

  @Test("counts in powers of 1,024")
  func units() {
    #expect(ByteCount.kibibytes(3) == ByteCount(3 * 1024 as Int64))
    #expect(ByteCount.mebibytes(3) == ByteCount.kibibytes(3 * 1024))
    #expect(ByteCount.gibibytes(3) == ByteCount.mebibytes(3 * 1024))
  }

  @Test("adds and compares by value")
  func arithmetic() {
    var sum = ByteCount(2 as Int64) + ByteCount(3 as Int64)
    sum += ByteCount(1 as Int64)
    #expect(sum.value == 6)
    #expect(ByteCount(5 as Int64) < sum)
  }
}
