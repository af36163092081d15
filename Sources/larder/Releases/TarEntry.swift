/// The head of one file in a tar archive, in the form that POSIX.1-1988 calls ustar.
struct TarEntry: Hashable {
  /// Heads, and the contents behind them, fill blocks of so many bytes.
  static let blockBytes = 512
  /// What eleven octal digits hold.
  static let sizeMax: Int64 = 1 << 33 - 1

  /// At most 100 bytes of ASCII.
  let path: String
  let sizeBytes: Int64

  /// Zeros behind the content.
  var paddingBytes: Int {
    let rest = Int(sizeBytes % Int64(TarEntry.blockBytes))
    return rest == 0 ? 0 : TarEntry.blockBytes - rest
  }

  /// Of a plain file that its owner may write and everybody read, of nobody and of no time: the same
  /// content makes the same archive.
  var block: [UInt8] {
    var block = [UInt8](repeating: 0, count: TarEntry.blockBytes)
    func put(_ text: String, at place: Int) {
      for (offset, byte) in text.utf8.enumerated() { block[place + offset] = byte }
    }
    put(path, at: 0)
    put("0000644\0", at: 100)
    put("0000000\0", at: 108)
    put("0000000\0", at: 116)
    put(TarEntry.octal(sizeBytes, digits: 11), at: 124)
    put("00000000000", at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar\u{0}00", at: 257)
    put(TarEntry.octal(TarEntry.sum(block), digits: 6) + "\0 ", at: 148)
    return block
  }

  init(path: String, sizeBytes: Int64) {
    self.path = path
    self.sizeBytes = sizeBytes
  }

  /// nil for a block that is no head of a plain file, or whose sum is wrong.
  init?(reading block: [UInt8]) {
    guard block.count == TarEntry.blockBytes, block[257..<262].elementsEqual("ustar".utf8),
      block[156] == UInt8(ascii: "0") || block[156] == 0,
      let sum = TarEntry.number(block[148..<156]), let size = TarEntry.number(block[124..<136])
    else { return nil }
    var summed = block
    for place in 148..<156 { summed[place] = UInt8(ascii: " ") }
    guard TarEntry.sum(summed) == sum else { return nil }
    path = String(decoding: block[..<100].prefix { $0 != 0 }, as: UTF8.self)
    sizeBytes = size
  }

  private static func sum(_ block: [UInt8]) -> Int64 { block.reduce(0) { $0 + Int64($1) } }

  private static func octal(_ value: Int64, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// Octal digits up to a space or a zero byte.
  private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
    let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { (0x30...0x37).contains($0) }
    return digits.isEmpty ? nil : Int64(String(decoding: digits, as: UTF8.self), radix: 8)
  }
}
