import BenchRig

/// Text that looks to a compressor like the output of a bundler's minifier.
///
/// Each file draws on some words that all share and on some of its own, in a few dozen shapes of
/// statement. LZ4 and zlib leave about as much of 16 KiB of it as of 16 KiB of webpack's output
/// (46 % and 30 %; `docs/performance.md` has both).
struct BundleText {
  private static let shapes = [
    "function $v($v,$v){return $v.$w($v,$v)}", "$v.$w=function($v){$v.$w($s);$v($v.$w)};",
    "var $v=$v($n),$v=$v.$w;", "if($v&&$v.$w!==$v)return $v.$w($s,$v);",
    "const{$w:$v,$w:$v}=$v;", "$v.$w($s,{$w:$v,$w:$s,$w:!0});",
    "for(let $v=0;$v<$v.$w;$v++)$v($v);",
    "Object.defineProperty($v,$s,{enumerable:!0,get:()=>$v.$w}),", "$n:($v,$v,$v)=>{$v.$w($v)},",
    "case $s:return $v.$w=$v.$w,$v.$w($v,$n);", "throw new Error($s+$v.$w+$s);",
    "$v=$v?$v.$w:$v.$w;",
    "try{$v.$w($v)}catch($v){$v($v,$v.$w)}", "(0,$v.$w)($s,{className:$s,children:$v});",
    "null==$v||$v.$w.forEach(($v=>{$v.$w($v.$w)})),", "return void 0===$v?$v.$w:$v+$s+$n;",
  ].map { Array($0.utf8) }
  private static let letters = Array("etnroialsuhdmpcfgbvwykxzj".utf8)
  private static let syllables = [
    "re", "con", "pro", "in", "er", "at", "ion", "de", "ent", "al", "sub", "set", "get", "val",
    "ue",
    "ob", "ser", "ve", "com", "po", "nent", "ren", "der", "up", "date", "key", "on", "Ch", "an",
    "ge",
    "is", "Va", "lid", "no", "tify", "Er", "ror", "St", "ate", "ef", "fect", "Ref", "da", "ta",
    "to",
  ].map { Array($0.utf8) }

  private var random: SplitMix
  private let shared: [[UInt8]]

  /// - Parameter seed: the same seed gives the same files in the same order.
  init(seed: UInt64) {
    var random = SplitMix(seed: seed)
    shared = (0..<1500).map { _ in BundleText.word(&random) }
    self.random = random
  }

  /// The next file.
  mutating func next(byteCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount + 128)
    let own = (0..<84).map { _ in BundleText.word(&random) }
    while bytes.count < byteCount {
      if bytes.count > 256, random.below(4) == 0 {
        repeatPhrase(of: &bytes)
      } else {
        addStatement(to: &bytes, own: own)
      }
    }
    return Array(bytes.prefix(byteCount))
  }

  /// Says again what the file said before, as code does.
  private mutating func repeatPhrase(of bytes: inout [UInt8]) {
    let start = random.below(bytes.count - 80)
    bytes += Array(bytes[start..<start + 24 + random.below(56)])
  }

  private mutating func addStatement(to bytes: inout [UInt8], own: [[UInt8]]) {
    let shape = BundleText.shapes[random.skewed(below: BundleText.shapes.count)]
    var isHole = false
    for letter in shape {
      if isHole {
        fill(letter, &bytes, own)
        isHole = false
      } else if letter == UInt8(ascii: "$") {
        isHole = true
      } else {
        bytes.append(letter)
      }
    }
  }

  private mutating func fill(_ hole: UInt8, _ bytes: inout [UInt8], _ own: [[UInt8]]) {
    switch hole {
    case UInt8(ascii: "v"):
      bytes.append(BundleText.letters[random.skewed(below: BundleText.letters.count)])
    case UInt8(ascii: "n"):
      bytes += Array(String(random.below(10_000)).utf8)
    case UInt8(ascii: "s"):
      bytes.append(UInt8(ascii: "\""))
      for index in 0...random.below(4) {
        if index > 0 { bytes.append(UInt8(ascii: " ")) }
        bytes += anyWord(own)
      }
      bytes.append(UInt8(ascii: "\""))
    default:
      bytes += anyWord(own)
    }
  }

  private mutating func anyWord(_ own: [[UInt8]]) -> [UInt8] {
    random.below(2) == 0
      ? own[random.skewed(below: own.count)] : shared[random.skewed(below: shared.count)]
  }

  private static func word(_ random: inout SplitMix) -> [UInt8] {
    (0...random.below(4)).flatMap { _ in syllables[random.below(syllables.count)] }
  }
}
