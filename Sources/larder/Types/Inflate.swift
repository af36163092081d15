/// Decompresses DEFLATE (RFC 1951).
struct Inflate {
  /// What is wrong with the input.
  enum Failure: Error, Equatable {
    /// It ends within a block.
    case truncated
    /// Codes or lengths that no compressor writes.
    case malformed
    /// More comes out than was announced.
    case tooLong
  }

  private let input: ArraySlice<UInt8>
  private var place: Int
  private var bits: UInt32 = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  private let sizeMax: Int

  /// All that `input` decompresses to, `size` bytes.
  ///
  /// - Throws: `tooLong` as soon as it is more, `truncated` where it is less.
  static func bytes(of input: ArraySlice<UInt8>, size: Int) throws(Failure) -> [UInt8] {
    var inflate = Inflate(input: input, sizeMax: size)
    try inflate.run()
    guard inflate.output.count == size else { throw .truncated }
    return inflate.output
  }

  private init(input: ArraySlice<UInt8>, sizeMax: Int) {
    self.input = input
    self.sizeMax = sizeMax
    place = input.startIndex
  }

  private mutating func run() throws(Failure) {
    while true {
      let isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored()
      case 1: try copyCompressed(Self.fixedLengths, Self.fixedDistances)
      case 2:
        let (lengths, distances) = try dynamicCodes()
        try copyCompressed(lengths, distances)
      default: throw .malformed
      }
      if isLast { return }
    }
  }

  // MARK: - Bits

  private mutating func take(_ count: Int) throws(Failure) -> Int {
    while bitCount < count {
      guard place < input.endIndex else { throw .truncated }
      bits |= UInt32(input[place]) << UInt32(bitCount)
      place += 1
      bitCount += 8
    }
    let value = bits & ((1 << UInt32(count)) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  // MARK: - Codes

  /// A Huffman code: how many symbols there are of each length, and the symbols in their order.
  private struct Code {
    /// Codes are at most 15 bits long.
    static let lengthMax = 15

    var counts = [Int](repeating: 0, count: lengthMax + 1)
    var symbols: [Int] = []

    /// - Returns: nil for lengths that leave no room for all.
    init?(_ lengths: ArraySlice<Int>) {
      for length in lengths { counts[length] += 1 }
      counts[0] = 0
      var left = 1
      for length in 1...Self.lengthMax {
        left = left * 2 - counts[length]
        if left < 0 { return nil }
      }
      let indices = Array(lengths)
      for length in 1...Self.lengthMax where counts[length] > 0 {
        symbols += indices.indices.filter { indices[$0] == length }
      }
    }
  }

  private mutating func symbol(_ code: Code) throws(Failure) -> Int {
    var (value, first, index) = (0, 0, 0)
    for length in 1...Code.lengthMax {
      value |= try take(1)
      let count = code.counts[length]
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw .malformed
  }

  private static func code(_ lengths: [Int]) -> Code {
    guard let code = Code(lengths[...]) else { preconditionFailure("RFC 1951's own codes fit") }
    return code
  }

  /// RFC 1951, 3.2.6.
  private static let fixedLengths = code(
    [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112)
      + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8))
  private static let fixedDistances = code([Int](repeating: 5, count: 30))

  /// RFC 1951, 3.2.7.
  private mutating func dynamicCodes() throws(Failure) -> (Code, Code) {
    let lengthCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let codeCount = try take(4) + 4
    guard lengthCount <= 286, distanceCount <= 30 else { throw .malformed }
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [Int](repeating: 0, count: 19)
    for place in order.prefix(codeCount) { lengths[place] = try take(3) }
    guard let code = Code(lengths[...]) else { throw .malformed }
    var all: [Int] = []
    while all.count < lengthCount + distanceCount {
      switch try symbol(code) {
      case 16:
        guard let last = all.last else { throw .malformed }
        all += [Int](repeating: last, count: try take(2) + 3)
      case 17: all += [Int](repeating: 0, count: try take(3) + 3)
      case 18: all += [Int](repeating: 0, count: try take(7) + 11)
      case let length: all.append(length)
      }
    }
    guard all.count == lengthCount + distanceCount, all[256] > 0,
      let first = Code(all[..<lengthCount]), let second = Code(all[lengthCount...])
    else { throw .malformed }
    return (first, second)
  }

  // MARK: - Blocks

  private mutating func copyStored() throws(Failure) {
    (bits, bitCount) = (0, 0)
    guard place + 4 <= input.endIndex else { throw .truncated }
    let length = Int(input[place]) | Int(input[place + 1]) << 8
    let complement = Int(input[place + 2]) | Int(input[place + 3]) << 8
    guard length == complement ^ 0xffff else { throw .malformed }
    place += 4
    guard place + length <= input.endIndex else { throw .truncated }
    guard output.count + length <= sizeMax else { throw .tooLong }
    output += input[place..<(place + length)]
    place += length
  }

  /// RFC 1951, 3.2.5.
  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]

  private mutating func copyCompressed(_ lengths: Code, _ distances: Code) throws(Failure) {
    while true {
      let symbol = try symbol(lengths)
      if symbol == 256 { return }
      if symbol < 256 {
        guard output.count < sizeMax else { throw .tooLong }
        output.append(UInt8(symbol))
        continue
      }
      let place = symbol - 257
      guard place < Self.lengthBases.count else { throw .malformed }
      let length = Self.lengthBases[place] + (try take(Self.lengthBits[place]))
      let code = try self.symbol(distances)
      guard code < Self.distanceBases.count else { throw .malformed }
      let distance = Self.distanceBases[code] + (try take(max(0, code / 2 - 1)))
      guard distance <= output.count else { throw .malformed }
      guard output.count + length <= sizeMax else { throw .tooLong }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }
}
