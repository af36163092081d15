import LarderClient
import Testing

@testable import larder

@Suite("JSON with its order")
struct JSONReaderTests {
  private func read(_ text: String) throws(ClientError) -> JSONValue {
    try JSONReader.read(Array(text.utf8), named: "file")
  }

  @Test("keeps members as they stand, and the last value of one that is repeated")
  func order() throws {
    let members = try JSONObject(read(#"{"b":1,"a":[true,null],"2":{},"b":-0.5e+7}"#), at: "it")
      .members
    #expect(members.map(\.name) == ["b", "a", "2"])
    #expect(
      members.map(\.value) == [.number("-0.5e+7"), .array([.bool(true), .null]), .object([])])
  }

  @Test("reads every escape")
  func escapes() throws {
    #expect(
      try read(#" "\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00é" "#)
        == .string("\"\\/\u{8}\u{c}\n\r\té\u{1f600}é"))
  }

  @Test(
    "says in which line it cannot go on",
    arguments: [
      ("", 1), ("{", 1), ("{\"a\" 1}", 1), ("[1,]", 1), ("[\n1\n2]", 3), ("01", 1), ("1.", 1),
      ("-", 1), ("1e", 1), ("tru", 1), ("'a'", 1), ("{a:1}", 1), ("\"a\nb\"", 2), ("\"\\x\"", 1),
      ("\"\\u12\"", 1), ("\"\\ud800\"", 1), ("\"\\ud800\\u0041\"", 1), ("\"open", 1), ("{}\n{}", 2),
      ("{\"a\":1,}", 1), ("nul", 1), ("+1", 1), ("NaN", 1),
    ])
  func malformed(_ text: String, _ line: Int) {
    let error = #expect(throws: ClientError.self) { try read(text) }
    #expect(error?.exitStatus == 65)
    #expect(error?.message.contains("line \(line):") == true, "\(error?.message ?? "")")
  }

  @Test("is no UTF-8 in a text")
  func notUTF8() {
    #expect(throws: ClientError.self) {
      try JSONReader.read([0x22, 0xff, 0x22], named: "file")
    }
  }

  @Test("nests to its limit and no deeper")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try read(nested(JSONReader.depthMax))
    #expect(throws: ClientError.self) { try read(nested(JSONReader.depthMax + 1)) }
  }
}
