/// A request that two programs might read in two ways, or that nobody should have to read.
///
/// On the wire a request that would be answered follows each: whoever ends the first one elsewhere
/// than its sender thinks answers that, or takes it for part of the first.
struct SmuggledRequest: Sendable, CustomStringConvertible {
  let name: String
  /// What comes before the one that follows; `KEY` stands for the gateway's, `CONSOLE` for its console's.
  let text: [UInt8]
  /// Whether it may be answered itself, as the last on its connection.
  var isAnswered = false

  var description: String { name }

  init(_ name: String, _ text: String, isAnswered: Bool = false) {
    self.name = name
    self.text = Array(text.utf8)
    self.isAnswered = isAnswered
  }

  init(_ name: String, _ text: [UInt8]) {
    self.name = name
    self.text = text
  }

  static let all = lines + fields + bodies + lengths + doubles + limits + ends + writes

  private static let host = "Host: localhost"
  private static let path = "/KEY/importmap.json"

  private static func request(_ line: String, _ fields: [String], end: String = "\r\n") -> String {
    ([line] + fields).map { $0 + end }.joined() + end
  }

  private static func get(_ fields: String...) -> String {
    request("GET \(path) HTTP/1.1", [host] + fields)
  }

  // MARK: - The request line

  private static var lines: [SmuggledRequest] {
    let lines = [
      "GET \(path)", "GET  \(path) HTTP/1.1", "GET \(path)  HTTP/1.1", " GET \(path) HTTP/1.1",
      "GET\t\(path) HTTP/1.1", "GET \(path)\tHTTP/1.1", "GET \(path) HTTP/1.1 ",
      "GET \(path) HTTP/1.1\t", "GET \(path) HTTP/1.1 x", "GET \(path) HTTP/1,1",
      "GET \(path) HTTP/11", "GET \(path) HTTP/1.10", "GET \(path) HTTP/01.1",
      "GET \(path) HTTP/ 1.1", "GET \(path) HTTP/-1.1", "GET \(path) HTTP/0.9",
      "GET \(path) HTTP/1.2", "GET \(path) HTTP/2.0", "GET \(path) HTTP/3.0",
      "GET \(path) HTTP/9.9", "GET \(path) http/1.1", "GET \(path) HTTPS/1.1",
      "GET \(path) ICE/1.0", "GET \(path) RTSP/1.0", "get \(path) HTTP/1.1",
      "Get \(path) HTTP/1.1", "GE T \(path) HTTP/1.1", "G\u{0}T \(path) HTTP/1.1",
      "GET\u{0} \(path) HTTP/1.1", "\u{feff}GET \(path) HTTP/1.1", "GET HTTP/1.1", "GET  HTTP/1.1",
      "HTTP/1.1 200 OK", "PRI * HTTP/2.0", "GET * HTTP/1.1", "GET x\(path) HTTP/1.1",
      "GET KEY/importmap.json HTTP/1.1", "GET ?\(path) HTTP/1.1",
      "GET http://localhost\(path) HTTP/1.1", "GET http://evil.example\(path) HTTP/1.1",
      "GET https://localhost\(path) HTTP/1.1", "GET file://\(path) HTTP/1.1",
      "GET localhost:80 HTTP/1.1", "CONNECT localhost:80 HTTP/1.1", "CONNECT \(path) HTTP/1.1",
      "GET \(path)#x HTTP/1.1", "GET \(path)\\x HTTP/1.1", "GET \\KEY\\importmap.json HTTP/1.1",
      "GET \(path)\u{0} HTTP/1.1", "GET \(path)\u{1} HTTP/1.1", "GET \(path)\u{7f} HTTP/1.1",
      "GET \(path)é HTTP/1.1", "GET \(path)\" HTTP/1.1", "GET \(path)<x> HTTP/1.1",
      "GET \(path)^ HTTP/1.1", "GET \(path)` HTTP/1.1", "GET \(path){x} HTTP/1.1",
      "GET \(path)| HTTP/1.1", "GET \(path) x HTTP/1.1", "GET \(path)\u{b} HTTP/1.1",
      "GET \(path)\u{c} HTTP/1.1", "GET \(path)\u{85} HTTP/1.1",
    ]
    let methods = [
      "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "MKCOL", "COPY", "MOVE",
      "LOCK", "PURGE", "SEARCH", "REPORT", "SUBSCRIBE", "SOURCE", "M-SEARCH", "QUERY", "FOO",
      "DESCRIBE", "HEADS", "GETS", "XGET",
    ]
    return
      lines.map { SmuggledRequest("line: \($0.debugDescription)", request($0, [host])) }
      + methods.map { SmuggledRequest("method: \($0)", request("\($0) \(path) HTTP/1.1", [host])) }
  }

  // MARK: - Fields

  private static var fields: [SmuggledRequest] {
    let wrong = [
      "X : y", "X\t: y", " X: y", "\tX: y", ": y", "X", "X y", "X\u{0}: y", "X: y\u{0}z",
      "X: y\u{1}", "X: y\u{7f}", "X\u{7f}: y", "X\u{1}: y", "Xé: y", "X(: y", "X/: y", "X[: y",
      "X{: y", "X\": y", "X,: y", "X;: y", "X=: y", "X@: y", "X\\: y", "X<: y", "X?: y",
      "X: y\rz: 1", "X: y\r", "\rX: y", "X\r: y", "X: \u{b}y\u{0}", "X: y\n z",
      "Host : localhost", "Host\u{0}: localhost", "Content-Length : 0", "Content-Length\t: 0",
      "Transfer-Encoding : chunked", "Transfer-Encoding\u{b}: chunked",
      "Transfer-Encoding\u{0}: chunked", " Transfer-Encoding: chunked",
      "Transfer-Encoding\r: chunked", "Content-Length\r: 5", "Content Length: 5",
      "\u{0}Content-Length: 5", "X: y\r\n folded", "X: y\r\n\tfolded",
      "Content-Length: 0\r\n 5", "Transfer-Encoding:\r\n chunked", "Host:\r\n localhost",
    ]
    let line = "GET \(path) HTTP/1.1"
    return wrong.map {
      SmuggledRequest("field: \($0.debugDescription)", request(line, [host, $0]))
    } + [
      SmuggledRequest("bare LF ends", request(line, [host], end: "\n")),
      SmuggledRequest("bare CR ends", request(line, [host], end: "\r")),
      SmuggledRequest("LF CR ends", request(line, [host], end: "\n\r")),
      SmuggledRequest("CR CR LF ends", request(line, [host], end: "\r\r\n")),
      SmuggledRequest("bare LF after the line", "\(line)\n\(host)\r\n\r\n"),
      SmuggledRequest("bare LF after a field", "\(line)\r\n\(host)\nX: y\r\n\r\n"),
      SmuggledRequest("bare LF at the end", "\(line)\r\n\(host)\r\n\n"),
      SmuggledRequest("bare CR at the end", "\(line)\r\n\(host)\r\n\r\u{0}"),
      SmuggledRequest("no host", request(line, [])),
      SmuggledRequest("no host, 1.0", request("GET \(path) HTTP/1.0", [])),
      SmuggledRequest(
        "bytes that are no text",
        Array("\(line)\r\n\(host)\r\nX\u{ff}".utf8) + [0xff, 0x0d, 0x0a, 0x0d, 0x0a]),
      SmuggledRequest("TLS", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]),
      SmuggledRequest("zeros", [UInt8](repeating: 0, count: 64)),
    ]
  }

  // MARK: - Bodies

  /// What lengths and codings say against each other.
  private static var bodies: [SmuggledRequest] {
    let codings = [
      "chunked", "Chunked", "CHUNKED", "identity", "chunked, identity", "identity, chunked",
      "gzip, chunked", "chunked, chunked", "xchunked", "chunkedx", "chunk ed", "\"chunked\"",
      "chunked;x", ",chunked", "chunked,", "", "x", "\u{b}chunked", "chunked\u{c}", "'chunked'",
      "chunked\u{0}", "c\u{0}hunked", "deflate", "compress", "trailers",
    ]
    return codings.flatMap { coding in
      let field = "Transfer-Encoding: \(coding)"
      return [
        SmuggledRequest("coding: \(coding.debugDescription)", get(field) + "0\r\n\r\n"),
        SmuggledRequest(
          "coding and length: \(coding.debugDescription)",
          get("Content-Length: 5", field) + "0\r\n\r\n"),
        SmuggledRequest(
          "length 0 and coding: \(coding.debugDescription)",
          get(field, "Content-Length: 0") + "0\r\n\r\n"),
      ]
    } + [
      SmuggledRequest(
        "two codings", get("Transfer-Encoding: chunked", "Transfer-Encoding: identity")),
      SmuggledRequest(
        "coding, 1.0", request("GET \(path) HTTP/1.0", [host, "Transfer-Encoding: chunked"])),
    ]
      + [
        "5\r\nabcde\r\n0\r\n\r\n", "5;x=y\r\nabcde\r\n0\r\n\r\n", "0x5\r\nabcde\r\n0\r\n\r\n",
        "+5\r\nabcde\r\n0\r\n\r\n", "-1\r\n", "fffffffffffffffff\r\n", "5\nabcde\n0\n\n",
        "5 \r\nabcde\r\n0\r\n\r\n", "\r\n", "g\r\n", "0\r\nX: y\r\n\r\n",
        "00000000000000000000\r\n\r\n",
        "5;\(String(repeating: "x", count: 300))\r\nabcde\r\n0\r\n\r\n",
      ].map {
        SmuggledRequest(
          "chunks: \($0.prefix(40).debugDescription)", get("Transfer-Encoding: chunked") + $0)
      }
  }

  private static var lengths: [SmuggledRequest] {
    let values = [
      "1", "5", "60", "00", "000", "+0", "-0", "-1", "+5", "0x0", "0x5", "0.0", "5.0", "5e0", "1e1",
      "0 0", "5 5", "0,0", "0, 0", "5,5", "5, 6", "", " ", "x", "zero", "0x", "0\u{0}", "\u{0}0",
      "18446744073709551615", "18446744073709551616", "9223372036854775808", "4294967296",
      "99999999999999999999999", "0;", "\"0\"", "'0'", "0_0", "０", "٠", "infinity",
    ]
    return values.flatMap { value in
      [
        SmuggledRequest("length: \(value.debugDescription)", get("Content-Length: \(value)")),
        SmuggledRequest(
          "length of POST: \(value.debugDescription)",
          request("POST \(path) HTTP/1.1", [host, "Content-Length: \(value)"])),
      ]
    }
  }

  // MARK: - Fields twice

  private static var doubles: [SmuggledRequest] {
    let pairs = [
      ("Host", "localhost", "localhost"), ("Host", "localhost", "evil.example"),
      ("host", "evil.example", "localhost"), ("Content-Length", "0", "0"),
      ("Content-Length", "0", "5"), ("Content-Length", "5", "0"), ("CONTENT-LENGTH", "5", "5"),
      ("Origin", "http://localhost", "http://localhost"), ("Origin", "http://localhost", "null"),
      ("Referer", "http://localhost/", "http://localhost/"), ("Range", "bytes=0-0", "bytes=1-1"),
      ("If-Range", "\"a\"", "\"b\""), ("Sec-Fetch-Site", "none", "cross-site"),
      ("Sec-Fetch-Site", "same-origin", "same-origin"), ("Sec-Fetch-Mode", "cors", "no-cors"),
      ("Sec-Fetch-Dest", "script", "empty"),
    ]
    return pairs.map { name, first, second in
      let fields = ["\(name): \(first)", "\(name.lowercased()): \(second)"]
      let others = name.lowercased() == "host" ? [] : [host]
      return SmuggledRequest(
        "twice: \(name) \(first) \(second)", request("GET \(path) HTTP/1.1", others + fields))
    }
  }

  // MARK: - Limits

  private static var limits: [SmuggledRequest] {
    func long(_ count: Int) -> String { String(repeating: "x", count: count) }
    return [
      SmuggledRequest("a long target", request("GET \(path)?\(long(4_096)) HTTP/1.1", [host])),
      SmuggledRequest("a longer target", request("GET \(path)?\(long(100_000)) HTTP/1.1", [host])),
      SmuggledRequest("a long field", get("X: \(long(17_000))")),
      SmuggledRequest("a longer field", get("X: \(long(1_000_000))")),
      SmuggledRequest("a long name", get("\(long(17_000)): x")),
      SmuggledRequest(
        "many bytes of fields",
        request("GET \(path) HTTP/1.1", [host] + (0..<20).map { "X\($0): \(long(900))" })),
      SmuggledRequest(
        "many fields", request("GET \(path) HTTP/1.1", [host] + (0..<64).map { "X\($0): y" })),
      SmuggledRequest(
        "a great many fields",
        request("GET \(path) HTTP/1.1", [host] + (0..<9_000).map { "X\($0): y" })),
      SmuggledRequest("a long method", request("\(long(20_000)) \(path) HTTP/1.1", [host])),
      SmuggledRequest("an expectation", get("Expect: 100-continue")),
      SmuggledRequest(
        "an expectation and a body", get("Expect: 100-continue", "Content-Length: 5")),
      SmuggledRequest("another expectation", get("Expect: x")),
    ]
  }

  // MARK: - What may be a POST

  private static var writes: [SmuggledRequest] {
    let line = "POST /CONSOLE/console/rollback/nav HTTP/1.1"
    let own = [host, "Origin: http://localhost", "Sec-Fetch-Site: same-origin"]
    let bodies = [
      ["Content-Length: 1"], ["Content-Length: 5"], ["Content-Length: +0"], ["Content-Length: 00"],
      ["Content-Length: 0", "Content-Length: 0"], ["Content-Length: 0", "content-length: 5"],
      ["Content-Length: 0, 0"], ["Transfer-Encoding: chunked"],
      ["Content-Length: 0", "Transfer-Encoding: chunked"],
      ["Transfer-Encoding: chunked", "Content-Length: 0"], ["Transfer-Encoding: identity"],
      ["Content-Length: 0", "Expect: 100-continue"], ["Content-Length : 0"],
      ["Content-Length: 0", "Origin: null"], ["Content-Length: 0", "Sec-Fetch-Site: cross-site"],
    ]
    let lines = [
      "POST /CONSOLE/console/ HTTP/1.1", "POST /CONSOLE/console/data/remotes HTTP/1.1",
      "POST /CONSOLE/console/console.js HTTP/1.1", "POST /CONSOLE/console/events HTTP/1.1",
      "POST /CONSOLE/console/rollback HTTP/1.1", "POST /CONSOLE/console/rollback/ HTTP/1.0",
      "POST /CONSOLE/console/rollback/nav/x HTTP/1.1", "POST /CONSOLE/console/switch/nav HTTP/1.1",
      "POST /CONSOLE/console/publish/nav HTTP/1.1", "POST /CONSOLE/rollback/nav HTTP/1.1",
      "POST /CONSOLE/CONSOLE/console/rollback/nav HTTP/1.1",
      "POST /x/../CONSOLE/console/rollback/nav HTTP/1.1", "POST /KEY/console/rollback/nav HTTP/1.1",
      "POST //CONSOLE/console/rollback/nav HTTP/1.1",
      "POST http://localhost/CONSOLE/console/rollback/nav HTTP/1.1",
      "PUT /CONSOLE/console/rollback/nav HTTP/1.1", "DELETE /CONSOLE/console/rollback/nav HTTP/1.1",
      "PATCH /CONSOLE/console/rollback/nav HTTP/1.1",
      "OPTIONS /CONSOLE/console/rollback/nav HTTP/1.1",
    ]
    return bodies.map { SmuggledRequest("write: \($0)", request(line, own + $0) + "hello") }
      + lines.map { SmuggledRequest("write: \($0)", request($0, own + ["Content-Length: 0"])) }
  }

  // MARK: - The last one on a connection

  private static var ends: [SmuggledRequest] {
    [
      ["Connection: close"], ["Connection: Close"], ["connection: CLOSE"],
      ["Connection: keep-alive, close"], ["Connection: close, keep-alive"],
      ["Connection: x, close"],
      ["Connection: upgrade", "Upgrade: websocket"], ["Connection: Upgrade", "Upgrade: h2c"],
      ["Upgrade: h2c"], ["Upgrade: x/1"],
      ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"],
    ].map {
      SmuggledRequest(
        "end: \($0)", request("GET \(path) HTTP/1.1", [host] + $0), isAnswered: true)
    } + [
      SmuggledRequest("1.0", request("GET \(path) HTTP/1.0", [host]), isAnswered: true),
      SmuggledRequest(
        "1.0 that stays", request("GET \(path) HTTP/1.0", [host, "Connection: keep-alive"]),
        isAnswered: true),
    ]
  }
}
