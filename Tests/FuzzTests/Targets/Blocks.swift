import CLZ4

@testable import LarderStore

/// A block that we make decodes to what it was made of. One that anybody may have made is refused,
/// or decodes to what the format says, within its room.
func fuzzBlocks(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  var input = FuzzInput(bytes)
  let size = Int(input.byte()) << 4 | Int(input.byte() & 15)
  try holdRoundTrip(input.rest)
  let reference = LZ4Reference.decode(input.rest, sizeMax: size)
  // Room behind the end, which has to stay as it is.
  let room = UnsafeMutableRawBufferPointer.allocate(byteCount: size + 64, alignment: 8)
  defer { room.deallocate() }
  room.initializeMemory(as: UInt8.self, repeating: 0xa5)
  let target = UnsafeMutableRawBufferPointer(rebasing: room[..<size])
  let isDecoded = LZ4Block.decode(input.rest, into: target)
  try hold(room[size...].allSatisfy { $0 == 0xa5 }, "nothing is written behind the room")
  switch reference {
  case .bytes(let expected) where isDecoded:
    try hold(target.elementsEqual(expected), "the bytes are those of the format")
  case .refused: try hold(!isDecoded, "what the format forbids is refused")
  case .bytes, .undefined: break
  }
}

private func holdRoundTrip(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 64, alignment: 8)
  let target = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
  defer {
    block.deallocate()
    target.deallocate()
  }
  let limit = UnsafeMutableRawBufferPointer(rebasing: block[..<bytes.count])
  guard let count = LZ4Block.encode(bytes, into: limit) else { return }
  let stored = UnsafeRawBufferPointer(rebasing: block[..<count])
  try hold(LZ4Block.decode(stored, into: target), "our own block decodes")
  try hold(target.elementsEqual(bytes), "a block decodes to what it was made of")
}

/// The block format as its description has it, without a thought for speed.
///
/// Source: "LZ4 Block Format Description", github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md. It
/// is laxer than liblz4 about how a block ends.
private enum LZ4Reference {
  case bytes([UInt8])
  case refused
  /// A match at distance 0, which the format forbids and liblz4 reads as bytes without a meaning.
  case undefined

  /// - Parameter sizeMax: of what it decodes to, which has to have exactly so many bytes.
  static func decode(_ block: UnsafeRawBufferPointer, sizeMax: Int) -> LZ4Reference {
    var input = block[...]
    var output: [UInt8] = []
    func length(_ nibble: UInt8) -> Int? {
      var length = Int(nibble)
      guard nibble == 15 else { return length }
      while let more = input.popFirst() {
        length += Int(more)
        if more != 255 { return length }
      }
      return nil
    }
    while let token = input.popFirst() {
      guard let literals = length(token >> 4), literals <= input.count,
        output.count + literals <= sizeMax
      else { return .refused }
      output += input.prefix(literals)
      input = input.dropFirst(literals)
      if input.isEmpty { break }
      guard input.count >= 2, let low = input.popFirst(), let high = input.popFirst(),
        let matched = length(token & 15)
      else { return .refused }
      let distance = Int(low) | Int(high) << 8
      if distance == 0 { return .undefined }
      guard distance <= output.count, output.count + matched + 4 <= sizeMax else { return .refused }
      for _ in 0..<matched + 4 { output.append(output[output.count - distance]) }
    }
    return output.count == sizeMax ? .bytes(output) : .refused
  }
}
