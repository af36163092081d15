import LarderWire
import Testing

@Suite("FrameBuffer")
struct FrameBufferTests {
  @Test("what was appended is unread, in order, until it is consumed")
  func order() {
    var buffer = FrameBuffer()
    fill(&buffer, [1, 2, 3], toHold: 16)
    fill(&buffer, [4], toHold: 16)
    #expect(Array(buffer.unread) == [1, 2, 3, 4])
    buffer.consume(2)
    #expect(Array(buffer.unread) == [3, 4])
    buffer.consume(2)
    #expect(buffer.count == 0)
  }

  @Test("room grows with what came, not with what is wanted, and is given back")
  func growth() {
    var buffer = FrameBuffer()
    #expect(buffer.capacity == 0)
    #expect(buffer.space(toHold: FrameBuffer.bytesMax).count == FrameBuffer.initialBytes)
    var total = 0
    while total < FrameBuffer.bytesMax {
      let space = buffer.space(toHold: FrameBuffer.bytesMax)
      #expect(buffer.capacity <= max(FrameBuffer.initialBytes, 2 * total))
      buffer.append(filled: space.count)
      total += space.count
    }
    #expect(buffer.capacity == FrameBuffer.bytesMax)
    #expect(total == FrameBuffer.bytesMax)
    buffer.shrink()
    #expect(buffer.count == total)
    buffer.consume(total)
    buffer.shrink()
    #expect(buffer.capacity == 0)
  }

  @Test("any sequence of appends and consumes keeps the bytes", arguments: [1, 2, 3] as [UInt64])
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var buffer = FrameBuffer()
    var oracle: [UInt8] = []
    for _ in 0..<400 {
      if Bool.random(using: &generator) {
        let wanted = oracle.count + Int.random(in: 1...40_000, using: &generator)
        let space = buffer.space(toHold: min(wanted, FrameBuffer.bytesMax))
        let count = Int.random(in: 0...min(space.count, 9_000), using: &generator)
        for place in 0..<count {
          space[place] = UInt8.random(in: 0...255, using: &generator)
          oracle.append(space[place])
        }
        buffer.append(filled: count)
      } else {
        let count = Int.random(in: 0...oracle.count, using: &generator)
        buffer.consume(count)
        oracle.removeFirst(count)
      }
      guard buffer.unread.elementsEqual(oracle) else {
        Issue.record("seed \(seed): the bytes differ")
        return
      }
    }
  }

  private func fill(_ buffer: inout FrameBuffer, _ bytes: [UInt8], toHold wanted: Int) {
    buffer.space(toHold: wanted).copyBytes(from: bytes)
    buffer.append(filled: bytes.count)
  }
}
