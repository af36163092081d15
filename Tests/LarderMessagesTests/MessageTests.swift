import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import Testing

@Suite struct MessageTests {
  @Test("A message keeps every member, under the same name", arguments: MessageCase.all)
  func golden(message: MessageCase) throws {
    let again = try message.recode(Data(message.golden.utf8))
    #expect(String(decoding: again, as: UTF8.self) == message.golden)
  }

  @Test("Members that nobody knows are skipped", arguments: MessageCase.all)
  func unknownMembers(message: MessageCase) throws {
    let more = #"{"aMemberToCome":{"of":[1,null]},"# + message.golden.dropFirst()
    let text = more.replacing(",}", with: "}")
    let again = try message.recode(Data(text.utf8))
    #expect(String(decoding: again, as: UTF8.self) == message.golden)
  }

  @Test("A missing member is an error that names it", arguments: MessageCase.all)
  func missingMembers(message: MessageCase) throws {
    for path in message.required {
      let names = path.split(separator: ".").map(String.init)
      let whole = try JSONSerialization.jsonObject(with: Data(message.golden.utf8))
      let less = try JSONSerialization.data(withJSONObject: try without(names[...], whole))
      do {
        _ = try message.recode(less)
        Issue.record("'\(path)' is not missed")
      } catch DecodingError.keyNotFound(let key, let context) {
        let named = (context.codingPath + [key]).map {
          $0.intValue.map(String.init) ?? $0.stringValue
        }
        #expect(named == names)
      }
    }
  }

  private func without(_ names: ArraySlice<String>, _ value: Any) throws -> Any {
    let name = try #require(names.first)
    if var list = value as? [Any] {
      let place = try #require(Int(name))
      list[place] = try without(names.dropFirst(), list[place])
      return list
    }
    var object = try #require(value as? [String: Any])
    let member = try #require(object[name], "the golden text lacks '\(name)'")
    object[name] = names.count == 1 ? nil : try without(names.dropFirst(), member)
    return object
  }

  @Test("Members that may be absent are")
  func optionalMembers() throws {
    let decoder = JSONDecoder()
    let ensure = try decoder.decode(EnsureMessage.Request.self, from: Data(#"{"url":"u"}"#.utf8))
    #expect(ensure.integrity == nil && ensure.bytes == nil && ensure.authorization == nil)
    let plan = try decoder.decode(
      PlanMessage.Request.self, from: Data(#"{"requests":[],"consumes":[{"key":"lib"}]}"#.utf8))
    #expect(plan.session == nil && plan.host == nil)
    #expect(plan.consumes?.first?.scope == "default" && plan.consumes?.first?.after == 0)
    let open = try decoder.decode(
      SessionMessage.Open.self, from: Data(#"{"session":1,"host":{"name":"h"}}"#.utf8))
    #expect(open.host.uniqueName == "h" && open.host.ruleSet == .webpack)
    #expect(open.host.remotes.isEmpty && open.releases == nil)
    let error = try JSONEncoder().encode(ErrorMessage(code: "io", message: "m"))
    #expect(!String(decoding: error, as: UTF8.self).contains("remedy"))
  }

  @Test(
    "A value that its member cannot have is refused",
    arguments: [
      #"{"name":"nav","variants":[{"stats":"abc","files":[]}]}"#,
      #"{"name":"nav","variants":[{"stats":"\#(MessageCase.digest)","files":[{"path":"a","digest":"\#(MessageCase.digest)","size":-1}]}]}"#,
      #"{"name":1,"variants":[]}"#,
    ])
  func badValues(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PublishMessage.Request.self, from: Data(text.utf8))
    }
  }

  @Test("The operations of REMOTE are those of the protocol's page")
  func operations() throws {
    let page = try ProtocolPage()
    for operation in RemoteMessage.Operation.allCases {
      #expect(page.text.contains("| `\(operation.rawValue)` |"))
    }
  }

  /// What stands for itself as a key: names of remotes, channels and verbs.
  private static let names: Set<String> = ["nav", "cart", "current", "PING"]

  @Test("Every member of a message stands on the protocol's page", arguments: MessageCase.all)
  func members(message: MessageCase) throws {
    // What only the console is told stands on its own page.
    let page = try ProtocolPage().text + ProtocolPage(named: "console.md").text
    let members = message.golden.matches(of: /"([A-Za-z]+)":/).map { String($0.1) }
    for member in members where !Self.names.contains(member) {
      #expect(page.contains("\"\(member)\"") || page.contains("`\(member)`"), "\(member)")
    }
  }

  @Test("The examples of the protocol's page are messages")
  func examples() throws {
    let decoder = JSONDecoder()
    let examples = try ProtocolPage().examples.map { Data($0.utf8) }
    try #require(examples.count == 7)
    let hello = try decoder.decode(HelloMessage.Reply.self, from: examples[0])
    #expect(hello.protocol == 1 && hello.capabilities == ["bytes", "places", "descriptors"])
    #expect(try decoder.decode(EnsureMessage.Request.self, from: examples[1]).bytes == true)
    let publish = try decoder.decode(PublishMessage.Request.self, from: examples[2])
    #expect(publish.variants[0].files[0].path == "remoteEntry.js")
    let open = try decoder.decode(SessionMessage.Open.self, from: examples[3])
    #expect(open.session == 1 && open.host.shared[0].key == "react")
    let ask = try decoder.decode(PlanMessage.Request.self, from: examples[4])
    #expect(ask.consumes?[0].singleton == true)
    let watch = try decoder.decode(WatchMessage.Request.self, from: examples[5])
    #expect(watch.known["cart"] == .some(nil) && watch.known["nav"]??.count == 32)
    let plan = try decoder.decode(Plan.self, from: examples[6])
    #expect(plan.files[0].kind == .entry && plan.cost.networkBytes == 4096)
    // Whoever reads the page must find every member there is.
    let encoded = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(plan))
    let written = try JSONSerialization.jsonObject(with: examples[6])
    #expect((encoded as? NSDictionary) == (written as? NSDictionary))
  }
}

/// docs/protocol.md.
private struct ProtocolPage {
  let text: String

  init(named name: String = "protocol.md") throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    text = try String(contentsOf: root.appending(path: "docs/\(name)"), encoding: .utf8)
  }

  /// The blocks of JSON, with digests where the page has none.
  var examples: [String] {
    text.components(separatedBy: "```json\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first?
        .replacing("\"digest\": \"…\"", with: "\"digest\": \"\(MessageCase.digest)\"")
        .replacing("<digest of stats.json>", with: MessageCase.digest)
    }
  }
}
