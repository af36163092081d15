import HTTPTypes
import Testing

@testable import LarderGateway

@Suite("What of a file a request asks for")
struct RangeTests {
  @Test(
    "is one range of bytes",
    arguments: [
      ("bytes=0-0", ByteRange.part(0..<1)), ("bytes=0-", .part(0..<10)),
      ("bytes=3-5", .part(3..<6)), ("bytes=3-99", .part(3..<10)), ("bytes=9-9", .part(9..<10)),
      ("bytes=-3", .part(7..<10)), ("bytes=-99", .part(0..<10)), ("BYTES=1-2", .part(1..<3)),
      ("bytes=0-999999999999999999", .part(0..<10)), ("bytes= 1-2", .part(1..<3)),
    ])
  func part(_ field: String, _ range: ByteRange) {
    #expect(ByteRange(field, of: 10) == range)
  }

  @Test("is none that is there", arguments: ["bytes=10-", "bytes=10-12", "bytes=-0"])
  func unsatisfiable(_ field: String) {
    #expect(ByteRange(field, of: 10) == .unsatisfiable)
    #expect(ByteRange("bytes=0-", of: 0) == .unsatisfiable)
  }

  @Test(
    "is everything where it cannot be read, or is more than one",
    arguments: [
      nil, "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-3", "bytes=1-2,4-5",
      "bytes=0-0,0-0", "items=0-1", "bytes=+1-2", "bytes=1--2", "bytes=0x1-2", "bytes=1-2-3",
      "bytes=9999999999999999999-", "bytes=0-9999999999999999999", "bytes=１-２",
    ])
  func whole(_ field: String?) {
    #expect(ByteRange(field, of: 10) == .whole)
  }

  private func outcome(_ fields: [(HTTPField.Name, String)]) -> Preconditions.Outcome {
    var all = HTTPFields()
    for (name, value) in fields { all.append(HTTPField(name: name, value: value)) }
    return Preconditions(all).outcome(for: "\"tag\"", size: 10)
  }

  @Test(
    "is nothing if the caller has it",
    arguments: ["\"tag\"", "W/\"tag\"", "*", "\"a\", \"tag\"", "\"a\",\"tag\" ,\"b\""])
  func known(_ field: String) {
    #expect(outcome([(.ifNoneMatch, field)]) == .notModified)
    #expect(outcome([(.ifNoneMatch, field), (.range, "bytes=0-1")]) == .notModified)
  }

  @Test("is everything if the caller has something else", arguments: ["\"a\"", "tag", "\"tag"])
  func unknown(_ field: String) {
    #expect(outcome([(.ifNoneMatch, field)]) == .send(.whole))
  }

  @Test("depends on what the caller wants it to be")
  func matching() {
    #expect(outcome([(.ifMatch, "\"tag\"")]) == .send(.whole))
    #expect(outcome([(.ifMatch, "*")]) == .send(.whole))
    #expect(outcome([(.ifMatch, "\"a\"")]) == .failed)
    #expect(outcome([(.ifMatch, "W/\"tag\"")]) == .failed)
  }

  @Test("is a range only of what the caller has part of")
  func ifRange() {
    let range = (HTTPField.Name.range, "bytes=0-1")
    #expect(outcome([range, (.ifRange, "\"tag\"")]) == .send(.part(0..<2)))
    #expect(outcome([range, (.ifRange, "\"old\"")]) == .send(.whole))
    #expect(outcome([range, (.ifRange, "W/\"tag\"")]) == .send(.whole))
    #expect(outcome([range, (.ifRange, "Sun, 22 Nov 2026 00:00:00 GMT")]) == .send(.whole))
  }
}
