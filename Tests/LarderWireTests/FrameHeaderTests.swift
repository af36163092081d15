import LarderWire
import Testing

@Suite("FrameHeader")
struct FrameHeaderTests {
  @Test("a header is 16 little-endian bytes")
  func golden() {
    var bytes: [UInt8] = []
    FrameHeader(verb: .get, flags: [.reply, .more], requestID: 0x0102_0304_0506_0708, length: 258)
      .append(to: &bytes)
    #expect(bytes == [2, 1, 0, 0, 5, 3, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1])
  }

  @Test("what was written is read again")
  func roundTrip() throws {
    let header = FrameHeader(verb: .open, flags: [.reply, .data], requestID: .max, length: 4 << 20)
    var bytes: [UInt8] = []
    header.append(to: &bytes)
    let read = try #require(bytes.withUnsafeBytes { FrameHeader(reading: $0) })
    #expect(read == header)
  }

  @Test("fewer than 16 bytes are no header", arguments: 0..<16)
  func short(count: Int) {
    let bytes = [UInt8](repeating: 1, count: count)
    #expect(bytes.withUnsafeBytes { FrameHeader(reading: $0) } == nil)
  }

  @Test("a whole frame is its header and its body")
  func wholeFrame() {
    var bytes: [UInt8] = []
    bytes.appendFrame(.ping, .reply, id: 7, body: [0xaa, 0xbb])
    #expect(bytes == [2, 0, 0, 0, 2, 1, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0xaa, 0xbb])
  }

  @Test("verbs keep the numbers of the protocol page")
  func verbs() {
    let names = Verb.allCases.map { "\($0.rawValue) \($0.name)" }
    #expect(
      names == [
        "1 HELLO", "2 PING", "3 STATS", "4 HAS", "5 GET", "6 PUT", "7 ENSURE", "8 PUBLISH",
        "9 REMOTE", "10 INIT", "11 OVERRIDE", "12 PLAN", "13 REPORT", "14 OPEN", "15 LEASE",
        "16 RELEASE", "17 PIN", "18 UNPIN", "19 WATCH", "20 KEYED", "21 ADMIN", "22 DROP",
      ])
  }
}
