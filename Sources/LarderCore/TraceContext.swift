/// Whose work a request is part of, across programs: W3C Trace Context, Level 1.
///
/// Read strictly, as others are meant to: what is not of the form is as if it had not come. Larder
/// begins no trace of its own.
package struct TraceContext: Hashable, Sendable {
  /// 32 lower-case hexadecimal digits, not all of them 0.
  package let trace: String
  /// Of the request itself: 16 digits, likewise.
  package let span: String
  /// Whether who began the trace records it.
  package let isSampled: Bool
  /// What other systems add, passed on as it came; nil for nothing.
  package let state: String?

  /// What the running task works for; fetches pass it on. Tasks that it starts inherit it.
  @TaskLocal package static var current: TraceContext?

  /// Most bytes of `state`: what everybody has to pass on. Members beyond are left out.
  static let stateBytesMax = 512

  /// Most members of it (3.3.1.1); a longer list is none.
  static let stateMembersMax = 32

  /// Reads the two fields.
  ///
  /// - Parameters:
  ///   - parents: values of `traceparent`; one, or there is no trace.
  ///   - states: values of `tracestate`, which are one list.
  package init?(parents: [String], states: [String]) {
    guard parents.count == 1, let parent = Self.parse(parents[0]) else { return nil }
    (trace, span, isSampled) = parent
    state = Self.checked(states.joined(separator: ","))
  }

  private init(trace: String, span: String, isSampled: Bool, state: String?) {
    self.trace = trace
    self.span = span
    self.isSampled = isSampled
    self.state = state
  }

  /// The same trace, within a span of our own.
  package func next(using random: inout some RandomNumberGenerator) -> TraceContext {
    let number = UInt64.random(in: 1 ... .max, using: &random)
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    return TraceContext(
      trace: trace, span: Hex.encode(bytes), isSampled: isSampled, state: state)
  }

  /// As above, of a number that the system chooses.
  package func next() -> TraceContext {
    var random = SystemRandomNumberGenerator()
    return next(using: &random)
  }

  /// `traceparent` as it is passed on: of version 00, with the one flag that it has.
  package var parent: String { "00-\(trace)-\(span)-\(isSampled ? "01" : "00")" }

  /// `version-trace-span-flags`; of a later version these four are read, whatever follows.
  private static func parse(_ text: String) -> (String, String, Bool)? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 55, [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }) else {
      return nil
    }
    func digits(_ range: Range<Int>) -> String? {
      let part = bytes[range]
      guard part.allSatisfy(isDigit) else { return nil }
      return String(decoding: part, as: UTF8.self)
    }
    guard let version = digits(0..<2), let trace = digits(3..<35), let span = digits(36..<52),
      let flags = digits(53..<55).flatMap({ UInt8($0, radix: 16) }), version != "ff",
      trace.contains(where: { $0 != "0" }), span.contains(where: { $0 != "0" })
    else { return nil }
    // Version 00 ends here; what a later one adds stands behind a dash.
    guard bytes.count == 55 || (version != "00" && bytes[55] == UInt8(ascii: "-")) else {
      return nil
    }
    return (trace, span, flags & 1 == 1)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    isNumber(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  private static func isNumber(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  /// The members of a list that is well-formed, as many as there is room for.
  private static func checked(_ text: String) -> String? {
    let members = text.split(separator: ",").map { member in
      String(member.drop { $0 == " " || $0 == "\t" })
    }.map { member in
      String(member.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }.filter { !$0.isEmpty }
    guard members.count <= stateMembersMax, members.allSatisfy(isMember) else { return nil }
    let keys = members.map { $0.prefix { $0 != "=" } }
    guard Set(keys).count == keys.count else { return nil }
    var kept = ""
    for member in members {
      let longer = kept.isEmpty ? member : "\(kept),\(member)"
      guard longer.utf8.count <= stateBytesMax else { break }
      kept = longer
    }
    return kept.isEmpty ? nil : kept
  }

  /// `key=value` (3.3.1.3).
  private static func isMember(_ text: String) -> Bool {
    guard let equals = text.firstIndex(of: "=") else { return false }
    let value = text[text.index(after: equals)...].utf8
    return isKey(text[..<equals]) && (1...256).contains(value.count)
      && value.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "=") }
  }

  private static func isKey(_ text: Substring) -> Bool {
    func isName(_ name: Substring, _ lengths: ClosedRange<Int>, startsWithDigit: Bool) -> Bool {
      guard let first = name.utf8.first, lengths.contains(name.utf8.count) else { return false }
      return (isLetter(first) || (startsWithDigit && isNumber(first)))
        && name.utf8.allSatisfy { isLetter($0) || isNumber($0) || "_-*/".utf8.contains($0) }
    }
    guard let at = text.firstIndex(of: "@") else {
      return isName(text, 1...256, startsWithDigit: false)
    }
    return isName(text[..<at], 1...241, startsWithDigit: true)
      && isName(text[text.index(after: at)...], 1...14, startsWithDigit: false)
  }
}
