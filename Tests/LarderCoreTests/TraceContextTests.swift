import Testing

@testable import LarderCore

@Suite("Trace context")
struct TraceContextTests {
  private static let trace = "0af7651916cd43dd8448eb211c80319c"
  private static let span = "b7ad6b7169203331"

  private func read(_ parent: String, _ states: String...) -> TraceContext? {
    TraceContext(parents: [parent], states: states)
  }

  @Test("is read, and told on within a span of our own")
  func passedOn() throws {
    let asked = try #require(read("00-\(Self.trace)-\(Self.span)-01", "a=1", "b@c=2 3"))
    #expect(asked.trace == Self.trace && asked.span == Self.span && asked.isSampled)
    #expect(asked.state == "a=1,b@c=2 3")
    var random = SystemRandomNumberGenerator()
    let ours = asked.next(using: &random)
    #expect(ours.trace == asked.trace && ours.span != asked.span && ours.state == asked.state)
    #expect(ours.parent == "00-\(Self.trace)-\(ours.span)-01")
    #expect(read(ours.parent, "a=1", "b@c=2 3") == ours)
  }

  @Test(
    "has one flag; others are not passed on", arguments: [("00", "00"), ("03", "01"), ("fe", "00")])
  func flags(_ sent: String, _ told: String) throws {
    let asked = try #require(read("00-\(Self.trace)-\(Self.span)-\(sent)"))
    #expect(asked.parent.hasSuffix("-\(told)"))
  }

  @Test(
    "of a later version is read as far as it is known",
    arguments: ["cc-\(trace)-\(span)-01", "01-\(trace)-\(span)-01-what-ever.follows"])
  func later(_ parent: String) {
    #expect(read(parent)?.parent == "00-\(Self.trace)-\(Self.span)-01")
  }

  @Test(
    "that is not of the form is none",
    arguments: [
      "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-0", "00-\(trace)-\(span)-01-",
      "00-\(trace)-\(span)-01-x", "00-\(trace)-\(span)-01 ", " 00-\(trace)-\(span)-01",
      "ff-\(trace)-\(span)-01", "01-\(trace)-\(span)-01.x", "0x-\(trace)-\(span)-01",
      "00-\(trace.uppercased())-\(span)-01", "00-\(trace)-\(span.uppercased())-01",
      "00-\(String(repeating: "0", count: 32))-\(span)-01",
      "00-\(trace)-\(String(repeating: "0", count: 16))-01", "00-\(trace)-\(span)-0g",
      "00_\(trace)_\(span)_01", "00-\(trace.dropLast())-\(span)-01",
    ])
  func malformed(_ parent: String) {
    #expect(read(parent) == nil)
  }

  @Test("that is named twice is none")
  func twice() {
    let parent = "00-\(Self.trace)-\(Self.span)-01"
    #expect(TraceContext(parents: [parent, parent], states: []) == nil)
    #expect(TraceContext(parents: [], states: ["a=1"]) == nil)
  }

  @Test(
    "goes on without a state that is not of the form",
    arguments: [
      "a", "A=1", "=1", "a=", "a=1=2", "a=1,a=2", "1a=1", "a@1=1", "@a=1", "a@=1", "a=\u{7f}",
      "a@b@c=1", (0..<33).map { "k\($0)=1" }.joined(separator: ","),
      "\(String(repeating: "a", count: 257))=1", "a=\(String(repeating: "1", count: 257))",
    ])
  func state(_ state: String) throws {
    let asked = try #require(read("00-\(Self.trace)-\(Self.span)-01", state))
    #expect(asked.state == nil)
  }

  @Test(
    "keeps a state's members in order, without blanks around them",
    arguments: [
      ("a=1 , b=2\t", "a=1,b=2"), (",,a=1,,", "a=1"), ("1a@b=x", "1a@b=x"),
      ("a_-*/0=! ~", "a_-*/0=! ~"),
    ])
  func members(_ state: String, _ told: String) throws {
    let asked = try #require(read("00-\(Self.trace)-\(Self.span)-01", state))
    #expect(asked.state == told)
  }

  @Test("keeps of a long state what there is room for, whole members from the left")
  func long() throws {
    let member = String(repeating: "1", count: 167)
    // Three of 170 bytes with their comma, and the last that fits to the byte, or is one too long.
    let most = "a0=\(member),a1=\(member),a2=\(String(repeating: "1", count: 167))"
    #expect(most.utf8.count == TraceContext.stateBytesMax)
    let asked = try #require(read("00-\(Self.trace)-\(Self.span)-01", most, "b=1"))
    #expect(asked.state == most)
    let longer = try #require(read("00-\(Self.trace)-\(Self.span)-01", most + "1"))
    #expect(longer.state == "a0=\(member),a1=\(member)")
  }
}
