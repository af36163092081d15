import LarderClient
import LarderFederation
import Testing

@testable import larder

@Suite("Cases of shared packages")
struct ShareCaseTests {
  private func object(_ text: String) throws(ClientError) -> JSONObject {
    try JSONObject(JSONReader.read(Array(text.utf8), named: "file"), at: "the case")
  }

  private func explain(_ text: String, _ rules: RuleSet = .webpack) throws(ClientError)
    -> ShareAnswer
  {
    var notes: [String] = []
    return try ShareCase(object(text), under: rules, notes: &notes).answer(under: rules)
  }

  private static let provider = #"{"version":"1.0.0","from":"a"}"#

  @Test("A scope is read as lists and as the live object, in its order")
  func forms() throws {
    let list = #"{"scope":{"b":[{"version":"1","from":"x","loaded":1}],"a":[\#(Self.provider)]}"#
    let live = #"{"scope":{"b":{"1":{"from":"x","loaded":true}},"a":{"1.0.0":{"from":"a"}}}"#
    for scope in [list, live] {
      let answer = try explain(scope + #","consumer":{"key":"a"}}"#)
      #expect(answer.provider?.from == "a" && answer.rule == "W2")
      #expect(answer.loadedAfter == ["b@1", "a@1.0.0"])
    }
  }

  @Test("A TypeError of the runtime has a name and a meaning")
  func structured() throws {
    let answer = try explain(
      #"{"scope":{"a":[\#(Self.provider)]},"consumer":{"key":"a","eager":true,"singleton":true}}"#)
    #expect(answer.error == "NO_EAGER_PROVIDER" && answer.outcome == nil)
    #expect(answer.message?.contains("eagerly") == true)
    #expect(answer.lines.contains("NO_EAGER_PROVIDER"))
  }

  @Test("What Module Federation 2 does not find has neither outcome nor marks")
  func noMatch() throws {
    for own in ["true", "false"] {
      let answer = try explain(
        #"{"scope":{},"consumer":{"key":"a","import":\#(own)}}"#, .mf2LoadedFirst)
      #expect(answer.noMatch == true && answer.outcome == nil && answer.error == nil)
      #expect(answer.loadedAfter == nil && answer.rule == "M3")
    }
  }

  @Test(
    "A case that cannot be read says where, and exits with 65",
    arguments: [
      (#"[]"#, "the case must be an object, not a list"),
      (#"{"consumer":{"key":"a"}}"#, "scope must be an object, not missing"),
      (#"{"scope":{}}"#, "consumer must be an object, not missing"),
      (#"{"scope":{},"consumer":{}}"#, "consumer.key is missing"),
      (#"{"scope":{"a":7},"consumer":{"key":"a"}}"#, "scope.a must be a list of versions"),
      (#"{"scope":{"a":[{"from":"x"}]},"consumer":{"key":"a"}}"#, "scope.a[0].version is missing"),
      (#"{"scope":{"a":[{"version":1,"from":"x"}]},"consumer":{"key":"a"}}"#, "must be a text"),
      (#"{"scope":{"a":[{"version":"1"}]},"consumer":{"key":"a"}}"#, "scope.a[0].from is missing"),
      (
        #"{"scope":{},"consumer":{"key":"a","eager":"no"}}"#, "consumer.eager must be true or false"
      ),
      (#"{"scope":{},"consumer":{"key":"a","requiredversion":"1"}}"#, "has 'requiredversion'"),
      (#"{"scope":{},"consumer":{"key":"a","singelton":true}}"#, "has 'singelton'"),
      (
        #"{"scope":{"a":[{"version":"1","from":"x","laoded":1}]},"consumer":{"key":"a"}}"#,
        "'laoded'"
      ),
    ])
  func refused(_ text: String, _ message: String) {
    let error = #expect(throws: ClientError.self) { try explain(text) }
    #expect(
      error?.exitStatus == 65 && error?.message.contains(message) == true, "\(error?.message ?? "")"
    )
  }

  @Test("A member that means nothing here is noted, not refused")
  func noted() throws {
    var notes: [String] = []
    _ = try ShareCase(
      object(#"{"id":"S01","scope":{},"consumer":{"key":"a","title":"x"}}"#), under: .webpack,
      notes: &notes)
    #expect(notes == ["'title' of the case: consumer is not looked at"])
  }

  @Test("A registration names whom it kept only where names do not tell")
  func register() throws {
    func answer(_ from: String, _ rules: RuleSet = .webpack, _ more: String = "") throws
      -> RegisterAnswer
    {
      var notes: [String] = []
      let text = #"""
        {"key":"a","existing":{"version":"1","from":"\#(from)","eager":false\#(more)},
         "register":{"key":"a","version":"1","uniqueName":"m","eager":false}}
        """#
      return try RegisterCase(object(text), notes: &notes).answer(under: rules)
    }
    #expect(try answer("m").keptVersion == "1")
    #expect(try answer("z").keptVersion == nil)
    #expect(try answer("a").entries.map(\.from) == ["m"])
    #expect(try answer("a").lines.contains("R-TIE: 1 changes hands"))
    let first = #","strategy":"loaded-first""#
    #expect(try answer("a", .mf2VersionFirst, first).entries.map(\.from) == ["a"])
    #expect(try answer("a", .webpack, first).entries.map(\.from) == ["m"])
  }
}
