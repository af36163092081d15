import Testing

@testable import LarderFederation

@Suite("Ranges of Module Federation 2")
struct MF2RangeTests {
  @Test(
    "A range accepts what the runtime's grammar makes of it",
    arguments: [
      ("^0.0.3", "0.0.3", "0.0.4"), ("^0", "0.9.9", "1.0.0"), ("^0.2.x", "0.2.9", "0.3.0"),
      ("~1.2", "1.2.9", "1.3.0"), ("~>1", "1.9.0", "2.0.0"), ("~> 1.2.3", "1.2.4", "1.3.0"),
      ("1.2 - 2", "2.9.9", "3.0.0"), ("* - 2.0.0-b", "2.0.0-a", "2.0.0"),
      ("1.x", "1.9.0-0", "2.0.0-0"),
      (">1", "2.0.0", "1.9.9"), ("<=1.2", "1.2.9", "1.3.0"), ("<1.2", "1.1.9", "1.2.0-0"),
      ("=v1.0.0", "1.0.0", "1.0.1"), ("v1.0.0", "1.0.0", "1.0.1"),
      ("1.0.0 || >=2 <3", "2.1.0", "1.0.1"),
      ("> 1.0.0", "1.0.1", "1.0.0"), ("x || ", "1.0.0-alpha", "1.0"), ("X", "1.0.0", "0"),
      (">=0.0.0 <1", "0.5.0", "1.0.0"), ("1.0.0+b", "1.0.0+other", "1.0.1"),
      // Of two pre-releases with one beginning the shorter is the higher, and pieces that read as
      // numbers are numbers.
      (">1.0.0-a.b", "1.0.0-a", "1.0.0-a.b.c"), ("<1.0.0-0x10", "1.0.0-15", "1.0.0-17"),
    ])
  func accepts(_ range: String, _ inside: String, _ outside: String) {
    #expect(MF2Range(parsing: range).accepts(inside), "\(range) \(inside)")
    #expect(!MF2Range(parsing: range).accepts(outside), "\(range) \(outside)")
  }

  @Test(
    "A range that cannot be read accepts nothing",
    arguments: [
      "latest", "workspace:*", ">=0.0.0", ">=0", ">= 1.0.0 < 2.0.0", "1 - 2 - 3", "^1.0.0 | 2",
      "==1.0.0",
      "<*", "01.0.0", "1.0.0.0", "!1.0.0", "99999999999999999999999",
    ])
  func refuses(_ range: String) {
    for version in ["0.0.0", "1.0.0", "1.5.0", "2.0.0"] {
      #expect(!MF2Range(parsing: range).accepts(version), "\(range) \(version)")
    }
  }

  @Test("The highest is found by an order of its own")
  func order() {
    for (low, high) in [
      ("1.0.0-alpha", "1.0.0"), ("2", "10"), ("1.5", "1.5.0"), ("1.0.0+z", "1.0.0"),
      ("1.0.0-rc.9.1", "1.0.0-rc.9"),
    ] {
      #expect(MF2Range.isAtMost(low, high), "\(low) \(high)")
    }
    for (low, high) in [("1.0.1", "1.0.0"), ("a", "b"), ("1.0.0", "1e3"), ("", "1.0.0")] {
      #expect(!MF2Range.isAtMost(low, high), "\(low) \(high)")
    }
  }
}
