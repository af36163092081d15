import Testing

@testable import LarderFederation

@Suite struct ChunkCodeTests {
  @Test(
    "A chunk of webpack's tells its identifiers, minified or not",
    arguments: [
      ("exports.id=126,exports.ids=[126],exports.modules={208:(e,t,r)=>{}};", ["126"]),
      ("\"use strict\";exports.id=\"src_a\";exports.ids=[\"src_a\"];exports.modules={", ["src_a"]),
      (
        "exports.id = \"src_a_js\";\nexports.ids = [\"src_a_js\"];\nexports.modules = {\n",
        ["src_a_js"]
      ),
      ("'use strict';\nexports.id=2e3,exports.ids=[2e3],exports.modules={", ["2000"]),
      ("(self.webpackChunknav=self.webpackChunknav||[]).push([[393],{850:(e,t,r)=>{", ["393"]),
      (
        "(self[\"webpackChunkshell\"] = self[\"webpackChunkshell\"] || []).push([[\"a\"],{\n",
        ["a"]
      ),
      ("(globalThis.x=globalThis.x||[]).push([[1,2],{", ["1", "2"]),
      (
        "/*! For license information please see 1.js.LICENSE.txt */\n\"use strict\";"
          + "(self.webpackChunka=self.webpackChunka||[]).push([['b'],{", ["b"]
      ),
      ("// a banner\n/* and another */ exports.id=1,exports.ids=[1],exports.modules={}", ["1"]),
    ])
  func declared(text: String, ids: [String]) {
    #expect(ChunkCode(text).declaredIDs == ids)
  }

  @Test(
    "What does not begin as one tells nothing",
    arguments: [
      "", "(", "exports.id", "exports.id=1", "exports.id=1,exports.ids=",
      "exports.id=1,exports.ids=[",
      "exports.id=1,exports.ids=[]", "exports.id=1,exports.ids=[x]",
      "exports.id=1,exports.ids=[\"a\\u0062\"]", "exports.id=1,exports.ids=[-1]",
      "exports.id=1,exports.ids=[e]", "exports.id=1,exports.ids=[1,,2]",
      "exports.id=1,exports.ids=[\"a,b\"]", "var a=1;exports.id=1,exports.ids=[1]",
      "/* exports.id=1,exports.ids=[1]", "// exports.id=1,exports.ids=[1]",
      "// (a=a||[]).push([[1],{", "(()=>{a.push([[1],{}])})()", "(list||[1]).push([[1],2])",
      "(list[]).push([[1],2])", "export const ids=[1]", "<html>",
    ])
  func untold(text: String) { #expect(ChunkCode(text).declaredIDs == nil) }

  @Test("Every prefix of a chunk is read without an answer other than its own")
  func prefixes() {
    let text =
      "\"use strict\";(self.webpackChunka=self.webpackChunka||[]).push([[\"ab\",12],{1:e=>{"
    for count in 0...text.count {
      let ids = ChunkCode(String(text.prefix(count))).declaredIDs
      #expect(ids == nil || ids == ["ab", "12"])
    }
  }
}
