import Testing

@testable import LarderFederation

@Suite("Package versions")
struct PackageVersionTests {
  @Test("Versions stand in webpack's order")
  func order() {
    let ascending = [
      "1", "1.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0", "1.0.0+b", "1.0.1",
      "1.2.0", "1.10.0",
      "2", "a.b",
    ]
    for (index, low) in ascending.enumerated() {
      for (other, high) in ascending.enumerated() {
        #expect(
          PackageVersion(low).isLower(than: PackageVersion(high)) == (index < other),
          "\(low) < \(high)")
      }
    }
  }

  @Test(
    "Of any two versions one is lower, or they have the same parts",
    arguments: 0..<8 as Range<UInt64>)
  func total(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let versions = (0..<24).map { _ in PackageVersion(generator.version()) }
    for left in versions {
      for right in versions {
        let sides = [left.isLower(than: right), right.isLower(than: left)].filter { $0 }.count
        #expect(
          sides == (left.parts == right.parts ? 0 : 1), "seed \(seed): \(left.text) \(right.text)")
        for third in versions where left.isLower(than: right) && right.isLower(than: third) {
          #expect(
            left.isLower(than: third), "seed \(seed): \(left.text) \(right.text) \(third.text)")
        }
      }
    }
  }

  @Test(
    "Pieces read as the numbers that JavaScript makes of them",
    arguments: [
      ("01", 1.0), ("1e3", 1000), ("", 0), ("0x10", 16), (" 7 ", 7), ("Infinity", .infinity),
    ])
  func numbers(_ piece: String, _ value: Double) {
    #expect(PackageVersion("9." + piece).parts == [.number(9), .number(value)])
  }

  @Test(
    "Pieces that JavaScript makes no number of stay text",
    arguments: ["inf", "nan", "1_0", "0x", "x"])
  func texts(_ piece: String) {
    #expect(PackageVersion("9." + piece).parts == [.number(9), .text(piece)])
  }

  @Test(
    "A version on which the runtime's expression fails is one piece",
    arguments: ["1.2.3-", "1+", "-+b"])
  func malformed(_ text: String) {
    #expect(PackageVersion(text).parts == [.text(text)])
  }
}
