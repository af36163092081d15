/// Random numbers that come out the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func coin() -> Bool { Bool.random(using: &self) }

  /// A version of one to four parts, sometimes with a pre-release, sometimes with build metadata.
  mutating func version() -> String {
    var text = (0...below(4)).map { _ in String(below(3)) }.joined(separator: ".")
    if below(3) == 0 { text += "-" + pick(["alpha", "beta", "1", "alpha.1", "0.b"]) }
    if below(4) == 0 { text += "+" + pick(["b", "7", "b.1"]) }
    return text
  }

  mutating func range() -> String {
    let simple = pick(["", "^", "~", ">=", "<", "<=", ">", "!"]) + version()
    return below(3) == 0 ? simple + pick([" || ", " "]) + "^" + version() : simple
  }
}
