import LarderService
import NIOHTTP1

/// A request that asks for all of something, as far as answers depend on it.
struct PromptRequest {
  /// By what `CallerRules` go.
  struct Caller: Hashable {
    var authority: String?
    var origin: String?
    var site: String?
    var referrer: String?
  }

  let key: PromptFile.Key
  let caller: Caller
  /// Values of `traceparent`, which the access log tells.
  let traces: [String]

  /// Nil for a request with another method, or with a condition or a range: they take the long way.
  ///
  /// Every field that an answer depends on has to be here; the others are nobody's business.
  /// - Parameter head: as `RequestRules` let it pass: no field by which callers are told is there twice.
  init?(_ head: HTTPRequestHead) {
    guard head.method == .GET else { return nil }
    var caller = Caller()
    var codings: String?
    var traces: [String] = []
    for (name, value) in head.headers {
      switch name.utf8.count {
      case 4 where Self.isName(name, "host"): caller.authority = value
      case 6 where Self.isName(name, "origin"): caller.origin = value
      case 7 where Self.isName(name, "referer"): caller.referrer = value
      case 14 where Self.isName(name, "sec-fetch-site"): caller.site = value
      case 15 where Self.isName(name, "accept-encoding"):
        guard codings == nil else { return nil }
        codings = value
      case 11 where Self.isName(name, "traceparent"): traces.append(value)
      case 5 where Self.isName(name, "range"): return nil
      case 8... where Self.isName(name.prefix(3), "if-"): return nil
      default: continue
      }
    }
    guard let key = PromptFile.Key(target: head.uri, codings: codings) else { return nil }
    self.key = key
    self.caller = caller
    self.traces = traces
  }

  /// - Parameter known: in lower case.
  private static func isName(_ name: some StringProtocol, _ known: StaticString) -> Bool {
    known.withUTF8Buffer { known in
      name.utf8.count == known.count
        && zip(name.utf8, known).allSatisfy { $0 == $1 || ($0 | 0x20 == $1 && $1 != 0x2d) }
    }
  }
}
