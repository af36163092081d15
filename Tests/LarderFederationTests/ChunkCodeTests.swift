import LarderFederation
import Testing

@Suite("The code of a chunk")
struct ChunkCodeTests {
  @Test(
    "declares its ids",
    arguments: [
      // Node, minified, as a minifier joins the statements.
      (#""use strict";exports.id=471,exports.ids=[471],exports.modules={471:(e,t)=>{}};"#, ["471"]),
      ("exports.id=1;exports.ids=[1,2];exports.modules={};", ["1", "2"]),
      // Node, development.
      (
        """
        "use strict";
        exports.id = "src_Module_js";
        exports.ids = ["src_Module_js"];
        exports.modules = {

        /***/ "./src/Module.js":
        """, ["src_Module_js"]
      ),
      ("exports.id=2e3,exports.ids=[2e3],exports.modules={};", ["2000"]),
      // Web, minified and not.
      (
        #""use strict";(self.webpackChunkshop=self.webpackChunkshop||[]).push([[471],{471:e=>{}}]);"#,
        ["471"]
      ),
      (
        """
        /*! For license information please see 471.js.LICENSE.txt */
        (self["webpackChunkshop"] = self["webpackChunkshop"] || []).push([["a_b", 3], {
        """, ["a_b", "3"]
      ),
      ("\u{feff}// x\n(globalThis.c=globalThis.c||[]).push([[0],{}])", ["0"]),
    ])
  func declared(_ text: String, _ ids: [String]) {
    #expect(ChunkCode(text).declaredIDs == ids)
  }

  @Test(
    "says nothing where it could be anything else",
    arguments: [
      "", "module.exports = {};", "/* exports.ids=[1] */", "/* exports.ids=[1]",
      "var a;exports.id=1,exports.ids=[1]", "list.push([[1],{}])", "(a=b||[]).push([[1],{}])",

      "exports.id=1,exports.ids=[\"a\\u0062\"]", "exports.id=1,exports.ids=[",
      "exports.id=1,exports.ids=[]", "exports.id=1,exports.ids=[1",
      "exports.id=1,exports.ids=names", "exports.id=1,exports.ids=[1+1]",
      "(()=>{var a=[];(b||[]).push([[1],{}])})()", "(e,t||[]).push([[1],{}])",
      "(self.c=self.c||[]).push([x,{}])", "(self.c=self.c||[]).push([[1,{}",
      "export const id=1,ids=[1];",
    ])
  func untold(_ text: String) {
    #expect(ChunkCode(text).declaredIDs == nil)
  }

  @Test("may be cut anywhere: it declares all of its ids or none")
  func cut() {
    let code = #""use strict";exports.id=471,exports.ids=[471,"b"],exports.modules={};"#
    for length in 0...code.count {
      let ids = ChunkCode(String(code.prefix(length))).declaredIDs
      #expect(ids == nil || ids == ["471", "b"], "\(length)")
    }
  }
}
