import Testing

@testable import LarderFederation

@Suite("Version ranges")
struct VersionRangeTests {
  @Test(
    "A recorded range compiles to the recorded array and text",
    arguments: VectorFile.all.semverVectors)
  func compiles(_ vector: SemverVector) {
    let range = VersionRange(parsing: vector.range)
    #expect(range.compiled == vector.parsed)
    #expect(range.description == vector.rangeToString)
  }

  @Test("A range that was written out reads back the same", arguments: VectorFile.all.semverVectors)
  func readsBack(_ vector: SemverVector) throws {
    let range = VersionRange(parsing: vector.range)
    let again = try #require(VersionRange(written: range.description))
    #expect(again.description == range.description)
    #expect(again.accepts(PackageVersion(vector.version)) == vector.webpack)
  }

  @Test(
    "Ranges at the edges of the grammar compile as webpack compiles them",
    arguments: [
      ("~", "[2]"), ("^0", "[2,0]"), ("^0.0.3-beta", "[3,0,0,3,,\"beta\"]"),
      ("1.2.3-x", "[4,1,2,3]"),
      ("!1.2.3", "[,[4,1,2,3],0]"),
      ("1 - 2 || >=4 <5", "[,[-1,5],[0,4],2,[1,2],[-1,2],1,[0,1],2,1]"),
      ("01.2", "[2,\"01\",2]"), ("1.2.3--1", "[6,1,2,3,,-1]"), ("Infinity", "[1,Infinity]"),
      ("100000000000000000000", "[1,100000000000000000000]"),
      ("12345678901234567890", "[1,\"12345678901234567890\"]"),
    ])
  func edges(_ text: String, _ compiled: String) {
    #expect(VersionRange(parsing: text).compiled == compiled)
  }

  @Test(
    "A text that is no written range is refused",
    arguments: ["", "1.2.3", "not(^1", ">=1 ^", "^1 || "])
  func refuses(_ text: String) {
    #expect(VersionRange(written: text) == nil)
  }

  @Test("A range of many alternatives is written out")
  func long() {
    let text = (0..<20_000).map { "^9.\($0).0" }.joined(separator: " || ")
    let range = VersionRange(parsing: text)
    #expect(range.description == text)
    #expect(!range.accepts(PackageVersion("1.0.0")))
  }

  @Test("Brackets nest to the limit and no deeper")
  func nesting() {
    func nested(_ depth: Int) -> String {
      String(repeating: "not(", count: depth) + "^1" + String(repeating: ")", count: depth)
    }
    #expect(VersionRange(written: nested(31)) != nil)
    #expect(VersionRange(written: nested(32)) == nil)
  }
}
