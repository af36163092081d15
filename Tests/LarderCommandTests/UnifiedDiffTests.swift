import Testing

@testable import larder

@Suite("A difference of two texts")
struct UnifiedDiffTests {
  @Test("is what 'diff -u' prints")
  func hunks() {
    let old = (1...20).map { "\($0)\n" }.joined()
    let new = old.replacing("2\n3\n", with: "2\ntwo\n3\n").replacing("17\n", with: "")
    #expect(
      UnifiedDiff.text(from: old, to: new, named: "a.js") == """
        --- a.js
        +++ a.js
        @@ -1,5 +1,6 @@
         1
         2
        +two
         3
         4
         5
        @@ -14,7 +15,6 @@
         14
         15
         16
        -17
         18
         19
         20

        """)
  }

  @Test("of equal texts is nothing")
  func none() {
    #expect(UnifiedDiff.text(from: "a\n", to: "a\n", named: "a").isEmpty)
  }
}
