import Testing

@testable import LarderFederation

/// webpack's test releases before share scopes: `override` in place of `init`.
@Suite("An entry that is overridden")
struct OverriddenEntryTests {
  private func facts(_ text: String) throws -> ContainerFacts {
    try #require(BuildImport(BuildFiles(["remoteEntry.js": text])).containers().first).facts
  }

  /// The first of them, for development: what it exposes has any name, a remote's module is behind
  /// one that hands packages over.
  private static let wrapped = #"""
    var pond;pond =
    (() => {
    	var __webpack_modules__ = ({
    "?ea37":
    ((module, exports, __webpack_require__) => {

    eval("var moduleMap = {\n\t\"Frog\": () => {\n\t\treturn Promise.all([__webpack_require__.e(\"src_Frog_js\"), __webpack_require__.e(\"-_9a3c\")]).then(() => () => __webpack_require__(\"./src/Frog.js\"));\n\t}\n};\nvar get = (module) => {\n\treturn (\n\t\t__webpack_require__.o(moduleMap, module)\n\t\t\t? moduleMap[module]()\n\t\t\t: Promise.resolve().then(() => {\n\t\t\t\tthrow new Error(\"Module \" + module + \" does not exist in container.\");\n\t\t\t})\n\t);\n};\nvar override = (override) => {\n\tObject.assign(__webpack_require__.O, override);\n}\n__webpack_require__.d(exports, {\n\tget: () => get,\n\toverride: () => override\n});");

    }),
    "container-reference/bank":
    ((module) => {

    eval("module.exports = bank;");

    }),
    "?599b":
    ((module, exports, __webpack_require__) => {

    eval("var external = __webpack_require__(\"container-reference/bank\");\nexternal.override(Object.assign({\n\t\"lily\": () => {\n\t\treturn Promise.resolve().then(() => {\n\t\t\treturn () => __webpack_require__(\"?9a3c\")\n\t\t})\n\t}\n}, __webpack_require__.O));\nmodule.exports = external;");

    })
    	});
    	function __webpack_require__(moduleId) {}
    	__webpack_require__.m = __webpack_modules__;
    	(() => {
    		__webpack_require__.d = (exports, definition) => {};
    		__webpack_require__.f = {};
    		__webpack_require__.e = (chunkId) => {};
    		__webpack_require__.u = (chunkId) => {
    			return "" + chunkId + ".js";
    		};
    	})();
    	(() => {
    		__webpack_require__.O = {};
    		var chunkMapping = {
    			"-_9a3c": [
    				"?9a3c"
    			]
    		};
    		var idToNameMapping = {
    			"?9a3c": "lily"
    		};
    		var fallbackMapping = {
    			"?9a3c": () => {
    				return __webpack_require__.e("vendors-lily").then(() => () => __webpack_require__("./lily.js"))
    			}
    		};
    		__webpack_require__.f.overridables = (chunkId, promises) => {
    			if(__webpack_require__.o(chunkMapping, chunkId)) {
    				chunkMapping[chunkId].forEach((id) => {
    					promises.push(Promise.resolve((__webpack_require__.O[idToNameMapping[id]] || fallbackMapping[id])()).then((factory) => {}))
    				});
    			}
    		}
    	})();
    	__webpack_require__.p = "/pond/";
    	(() => {
    		var chunkMapping = {
    			"src_Frog_js": [
    				"?3158",
    				"?1509"
    			]
    		};
    		var idToExternalAndNameMapping = {
    			"?3158": [
    				"?599b",
    				"reed"
    			],
    			"?1509": [
    				"?599b",
    				"mud"
    			]
    		};
    		__webpack_require__.f.remotes = (chunkId, promises) => {
    			chunkMapping[chunkId].forEach((id) => {
    				var data = idToExternalAndNameMapping[id];
    				promises.push(Promise.resolve(__webpack_require__(data[0]).get(data[1])).then((factory) => {}))
    			});
    		}
    	})();
    	(() => {
    		var installedChunks = {
    			"pond": 0
    		};
    		__webpack_require__.f.j = (chunkId, promises) => {
    			if(!/^\-_9a3c$/.test(chunkId)) {
    				var promise = 1;
    			} else installedChunks[chunkId] = 0;
    		};
    		var jsonpArray = window["webpackJsonppond"] = window["webpackJsonppond"] || [];
    	})();
    	return __webpack_require__("?ea37");
    })()
    ;
    """#

  @Test("tells what it asks hosts for, its own copies and its remotes")
  func wrapped() throws {
    let facts = try facts(Self.wrapped)
    #expect(facts.name == "pond" && facts.uniqueName == "pond" && facts.publicPath == "/pond/")
    #expect(facts.exposes == [ExposeFacts(name: "Frog", chunks: ["src_Frog_js", "-_9a3c"])])
    #expect(
      facts.consumes == [
        ConsumeFacts(
          module: "?9a3c", key: "lily",
          fallback: FallbackFacts(version: nil, chunks: ["vendors-lily"]), chunks: ["-_9a3c"])
      ])
    let bank = RemoteLocation(type: "var", location: "bank")
    #expect(
      facts.remotes == [
        RemoteFacts(module: "?3158", expose: "reed", locations: [bank], chunks: ["src_Frog_js"]),
        RemoteFacts(module: "?1509", expose: "mud", locations: [bank], chunks: ["src_Frog_js"]),
      ])
    #expect(
      facts.chunks.map(\.files) == [
        ["remoteEntry.js"], ["src_Frog_js.js"], [], ["vendors-lily.js"],
      ])
    #expect(facts.reading?.unknown.map(\.fact) == [.ruleSet, .shareScope, .opens, .order])
    #expect(facts.reading?.unknown[0].reason.contains("test release") == true)
  }

  /// A later one, minified: a package that the entry needs at once, a remote behind a function that
  /// hands packages over.
  private static let minified = """
    var pond;pond=(()=>{"use strict";var e={12:(e,r,t)=>{var o={"./Frog":()=>t.e(68).then(()=>()=>t(68))},\
    n=e=>t.o(o,e)?o[e]():Promise.resolve().then(()=>{throw new Error('Module "'+e+'" does not exist in container.')}),\
    a=e=>{Object.assign(t.O,e)};t.d(r,{get:()=>n,override:()=>a})},30:e=>{e.exports=bank},\
    31:(e,r,t)=>{e.exports=e=>(e.override(Object.assign({},t.O)),e)}},r={};function t(o){return e[o]}\
    return t.m=e,t.d=(e,r)=>{},t.f={},t.e=e=>1,t.u=e=>e+".js",t.o=(e,r)=>1,(()=>{t.O={};var r={},o={7:"lily",8:"moss"},\
    n={8:94};for(var a in n)t.o(n,a)&&(e[a]=(e=>t=>{r[e]=0;var n=t.O[o[e]]})(a));var i={68:[7]},\
    u={7:()=>t.e(51).then(()=>()=>t(51))};t.f.overridables=(n,a)=>{t.o(i,n)&&i[n].forEach(n=>{\
    a.push(t.o(r,n)?r[n]:r[n]=Promise.resolve((t.O[o[n]]||u[n])()).then(t=>{r[n]=0}))})}})(),t.p="/",\
    (()=>{var r={},o={68:[3]},n={3:[31,30,"./Reed"]};t.f.remotes=(a,i)=>{t.o(o,a)&&o[a].forEach(o=>{var a=n[o];\
    try{var u=t(a[0])(t(a[1])).get(a[2])}catch(e){}})}})(),(()=>{var e={77:0};t.f.j=(r,o)=>{o.push(e[r])};\
    var r=window.webpackJsonppond=window.webpackJsonppond||[]})(),t(12)})();
    """

  @Test("tells the same of a later test release, minified")
  func minified() throws {
    let facts = try facts(Self.minified)
    #expect(facts.exposes == [ExposeFacts(name: "./Frog", chunks: ["68"])])
    #expect(
      facts.consumes == [
        ConsumeFacts(
          module: "7", key: "lily", fallback: FallbackFacts(version: nil, chunks: ["51"]),
          chunks: ["68"]),
        ConsumeFacts(
          module: "8", key: "moss", eager: true,
          fallback: FallbackFacts(version: nil, chunks: []), chunks: ["77"]),
      ])
    #expect(
      facts.remotes == [
        RemoteFacts(
          module: "3", expose: "./Reed", locations: [RemoteLocation(type: "var", location: "bank")],
          chunks: ["68"])
      ])
    #expect(facts.chunks.map(\.id) == ["77", "68", "51"])
  }
}
