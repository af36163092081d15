import Testing

@testable import LarderFederation

@Suite("JavaScript, word by word")
struct JavaScriptCodeTests {
  private func words(_ text: String) throws -> [String] {
    let code = try #require(JavaScriptCode(text))
    return code.all.map { code.text($0) }
  }

  @Test(
    "is cut where the language cuts it",
    arguments: [
      ("#!/usr/bin/env node\na", ["a"]),
      ("\u{feff}a/*b*/c//d\ne", ["a", "c", "e"]),
      ("a?.b?.5:1", ["a", "?.", "b", "?", ".5", ":", "1"]),
      ("1_000n+0xe+1e+3+1e3", ["1_000n", "+", "0xe", "+", "1e+3", "+", "1e3"]),
      ("a=>b>>>=c??=d", ["a", "=>", "b", ">>>=", "c", "??=", "d"]),
      (#"'a\'b'+"c\\"+'d'"#, [#"'a\'b'"#, "+", #""c\\""#, "+", "'d'"]),
      (
        "`a`+`b${c}d${{e:`f`}}g`",
        ["`a`", "+", "`b${", "c", "}d${", "{", "e", ":", "`f`", "}", "}g`"]
      ),
      ("#a in b;@c", ["#a", "in", "b", ";", "@c"]),
      (#"\u{61}b"#, [#"\u{61}b"#]),
    ])
  func cutting(_ text: String, _ expected: [String]) throws {
    #expect(try words(text) == expected)
  }

  @Test(
    "tells a regular expression from a division",
    arguments: [
      ("a=/b\\/[/]c/g.test(d)", ["a", "=", "/b\\/[/]c/g", ".", "test", "(", "d", ")"]),
      ("a/b/c", ["a", "/", "b", "/", "c"]),
      ("(a)/b/c", ["(", "a", ")", "/", "b", "/", "c"]),
      ("if(a)/b/.test(c)", ["if", "(", "a", ")", "/b/", ".", "test", "(", "c", ")"]),
      ("a.if(b)/c/d", ["a", ".", "if", "(", "b", ")", "/", "c", "/", "d"]),
      ("return/a/", ["return", "/a/"]), ("a.return/b/c", ["a", ".", "return", "/", "b", "/", "c"]),
      ("{}/a/", ["{", "}", "/a/"]), ("a[0]/b/c", ["a", "[", "0", "]", "/", "b", "/", "c"]),
      ("a++/b/c", ["a", "++", "/", "b", "/", "c"]), ("`${/a/}`", ["`${", "/a/", "}`"]),
      ("a=/b", ["a", "=", "/", "b"]),
    ])
  func regexes(_ text: String, _ expected: [String]) throws {
    #expect(try words(text) == expected)
  }

  @Test(
    "reads what strings say",
    arguments: [
      (#""a\n\t\x41\u0042\u{1f600}\0\'""#, "a\n\tAB\u{1f600}\0'"), ("'a\\\nb\\\r\nc'", "abc"),
      (#""\ud83d\ude00""#, "\u{1f600}"), ("`a\\`b`", "a`b"), (#""\q\u00""#, "qu00"),
    ])
  func strings(_ text: String, _ expected: String) throws {
    #expect(try #require(JavaScriptCode(text)).string(0) == expected)
  }

  @Test("pairs brackets, templates among them, and knows what encloses a word")
  func brackets() throws {
    let code = try #require(JavaScriptCode("f({a:[1,`x${b}y`]})"))
    #expect(code.partner(1) == 13 && code.partner(13) == 1)
    #expect(code.text(code.inside(1)) == "{a:[1,`x${b}y`]}")
    let template = try #require(code.all.first { code.kind($0) == .template })
    #expect(code.partner(template).map { code.text($0) } == "}y`")
    #expect(code.parent(template).map { code.text($0) } == "[")
  }

  @Test(
    "goes on to the end whatever it is given",
    arguments: [
      "\"a", "`a${", "/*", "((((", "}}}}", "\\", "\\u{", "/[", "'\\", "a=>", "${}`", "0x",
    ])
  func broken(_ text: String) throws {
    let code = try #require(JavaScriptCode(text))
    #expect(code.all.allSatisfy { code.next($0) > $0 })
  }

  @Test("stays linear where slashes begin no expression", arguments: ["=/[", "}/[a", "(/["])
  func openRegexes(_ piece: String) throws {
    // Each slash would look to the end of the line: thousands of them would take minutes.
    #expect(try #require(JavaScriptCode(String(repeating: piece, count: 30_000))).count > 30_000)
  }

  @Test("ends an expression where a statement without semicolon ends")
  func expressionEnds() throws {
    let code = try #require(JavaScriptCode("a = (b) => {\n c\n}\nvar d = 1, e"))
    #expect(code.text(2..<code.endOfExpression(2)) == "(b) => {\n c\n}")
    let other = try #require(JavaScriptCode("a = typeof b + new C(d) \n e()"))
    #expect(other.text(2..<other.endOfExpression(2)) == "typeof b + new C(d)")
  }

  @Test(
    "finds what a variable was given, as scopes nest",
    arguments: [
      ("var a = 1; f(() => { g(a) })", "1"), ("var a = 1; (a => g(a))(2)", nil),
      ("var a = 1; function f(a) { g(a) }", nil), ("var b, a; a = {c: 2}, g(a)", "{c: 2}"),
      ("var a = 1; () => { var a; g(a) }", nil), ("var a = 1; () => { for (let a;;) g(a) }", nil),
      ("function a(b) { c } g(a)", "function a(b) { c }"), ("x.a = 1; g(a)", nil),
    ] as [(String, String?)])
  func definitions(_ text: String, _ expected: String?) throws {
    let code = try #require(JavaScriptCode(text))
    let use = try #require(code.all.last { code.begins($0 - 2, "g", "(", "a") })
    #expect(code.definition(of: use).map { code.text($0) } == expected)
  }
}

@Suite("Constant expressions")
struct ConstantExpressionTests {
  @Test(
    "come to what JavaScript makes of them",
    arguments: [
      (#""" + e + ".js""#, "12.js"), (#"({1:"a",12:"b"}[e]||e)+"-x""#, "b-x"),
      (#"({1:"a"}[e]||e)+".js""#, "12.js"), (#"12===e?"yes":"no""#, "yes"),
      (#"12!=e?"yes":"no""#, "no"), (#"`${e}.${{12:"h"}[e]}.js`"#, "12.h.js"),
      (#"/^(1[23]|7)$/.test(e)?"a":"b""#, "a"), (#""".concat(e,".js")"#, "12.js"),
      (#"e.h()"#, "hash"), (#"(e=="x"&&"a")||"b""#, "b"), (#"!0?"a":"b""#, "a"),
      (#"1===e?"a":12===e?"b":void 0"#, "b"), (#"void 0"#, "undefined"),
      (#"e.h().slice(0,2)+e"#, "ha12"), ("2e3+1", "2001"),
      (#"({}[e]??"none")+"!""#, "none!"), ("f(e)+1", nil),
      (#""a"+b"#, nil), ("e=1", nil), ("", nil),
    ] as [(String, String?)])
  func values(_ text: String, _ expected: String?) throws {
    let code = try #require(JavaScriptCode(text))
    var expression = ConstantExpression(
      code.all, of: code, variables: ["e": .text("12")], properties: ["h": "hash"])
    #expect(expression.value().written == expected)
  }

  @Test("end at a depth that no build has", arguments: ["(", "!(", "[", "{a:(", "void ", "a?"])
  func depth(_ opener: String) throws {
    let text = String(repeating: opener, count: 100_000)
    let code = try #require(JavaScriptCode(text))
    var expression = ConstantExpression(code.all, of: code, variables: [:])
    #expect(expression.value() == .unknown || expression.value() == .unknown)
  }

  @Test(
    "regular expressions match identifiers as a whole",
    arguments: [
      ("/^(2(26|44|68)|799)$/", ["226", "268", "799"], ["2", "22", "7999", "26"]),
      ("/^(?:a\\-b|c[d-f]x?)$/", ["a-b", "cd", "cfx"], ["ab", "cg", "c"]),
      ("/^(|a)$/", ["", "a"], ["b"]),
    ])
  func regexes(_ literal: String, _ accepted: [String], _ refused: [String]) throws {
    let regex = try #require(SimpleRegex(literal))
    for text in accepted { #expect(regex.matches(text) == true, "\(text)") }
    for text in refused { #expect(regex.matches(text) == false, "\(text)") }
  }

  @Test(
    "other regular expressions are not guessed", arguments: ["/a/", "/^a+$/", "/^\\w$/", "/^(a$/"])
  func otherRegexes(_ literal: String) {
    #expect(SimpleRegex(literal)?.matches("a") == nil)
  }

  @Test(
    "compiled ranges read back as webpack shows them",
    arguments: [
      ("[1,18,2,0]", "^18.2.0"), ("[0]", "*"), ("[,[-1,2],[0,1,0,0],2]", ">=1.0.0 <2"),
      ("[2,1,0,,\"beta\",1]", "~1.0-beta.1"), ("[4,1,2,3]", "=1.2.3"),
      ("[,[1,1],[1,2],1]", "^2 || ^1"), ("[a]", nil), ("[,3]", nil), ("{}", nil),
    ] as [(String, String?)])
  func ranges(_ text: String, _ expected: String?) throws {
    let code = try #require(JavaScriptCode(text))
    #expect(VersionRange(compiled: code.all, in: code)?.description == expected)
  }
}
