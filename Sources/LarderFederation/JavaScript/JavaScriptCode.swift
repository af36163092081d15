import Synchronization

/// A JavaScript text as a tree of words: what stands in which brackets, and what the literals say.
///
/// Nothing is evaluated, and no grammar decides: a reader looks for the shapes that it knows, and
/// what it does not know is passed over, new syntax included. Building takes time and memory linear
/// in the text. Places are indices of words.
struct JavaScriptCode: Sendable {
  /// The longest text that is read: an entry with eager packages and development tools in it has a
  /// few MiB, in which case most of it is strings.
  static let bytesMax = 64 << 20
  /// The most words, at 20 bytes each: a minified text has one for every three bytes.
  static let tokensMax = 12 << 20

  /// Words that all searches for variables together may look at, for each word of the text and to
  /// begin with: those in a real entry stay below a tenth.
  static let searchStepsMax = (each: 64, base: 1 << 20)

  /// What is left of that, for all copies of the text together.
  final class Budget: Sendable {
    private let left: Atomic<Int>

    init(steps: Int) { left = Atomic(steps) }

    var isSpent: Bool { left.load(ordering: .relaxed) <= 0 }

    func spend() { left.subtract(1, ordering: .relaxed) }
  }

  let budget: Budget
  let bytes: [UInt8]
  let tokens: [JavaScriptToken]
  private let partners: [Int32]
  private let parents: [Int32]

  /// - Returns: nil for a text beyond the limits.
  init?(_ text: String) {
    bytes = Array(text.utf8)
    guard bytes.count <= Self.bytesMax else { return nil }
    var lexer = JavaScriptLexer(bytes)
    guard lexer.run(tokensMax: Self.tokensMax) else { return nil }
    tokens = lexer.tokens
    budget = Budget(steps: Self.searchStepsMax.base + Self.searchStepsMax.each * tokens.count)
    partners = lexer.partners
    parents = lexer.parents
  }

  var count: Int { tokens.count }

  /// Every place.
  var all: Range<Int> { 0..<tokens.count }

  // MARK: - Words

  /// The text of one word as it is written.
  func text(_ place: Int) -> String {
    guard tokens.indices.contains(place) else { return "" }
    return String(decoding: bytes[range(place)], as: UTF8.self)
  }

  /// The text from the first to the last word of `places`.
  func text(_ places: Range<Int>) -> String {
    guard !places.isEmpty, tokens.indices.contains(places.lowerBound),
      tokens.indices.contains(places.upperBound - 1)
    else { return "" }
    let (first, last) = (tokens[places.lowerBound], tokens[places.upperBound - 1])
    return String(decoding: bytes[Int(first.start)..<Int(last.end)], as: UTF8.self)
  }

  /// Whether a name or a mark at `place` reads exactly `word`.
  func `is`(_ place: Int, _ word: StaticString) -> Bool {
    guard tokens.indices.contains(place) else { return false }
    let token = tokens[place]
    guard token.kind == .name || token.kind == .punctuator,
      Int(token.end - token.start) == word.utf8CodeUnitCount
    else { return false }
    return word.withUTF8Buffer { $0.elementsEqual(bytes[range(place)]) }
  }

  /// Whether `places` begins with these names and marks.
  func begins(_ place: Int, _ words: StaticString...) -> Bool {
    for (offset, word) in words.enumerated() where !self.is(place + offset, word) { return false }
    return true
  }

  /// The kind of the word; nil outside of the text.
  func kind(_ place: Int) -> JavaScriptToken.Kind? {
    tokens.indices.contains(place) ? tokens[place].kind : nil
  }

  /// A name that stands for a variable: no property of something.
  func isVariable(_ place: Int) -> Bool {
    kind(place) == .name && !self.is(place - 1, ".") && !self.is(place - 1, "?.")
  }

  fileprivate func range(_ place: Int) -> Range<Int> {
    Int(tokens[place].start)..<Int(tokens[place].end)
  }

  // MARK: - Brackets

  /// The other half of the bracket at `place`; nil for any other word.
  func partner(_ place: Int) -> Int? {
    guard tokens.indices.contains(place) else { return nil }
    let other = Int(partners[place])
    return other == place ? nil : other
  }

  /// The opening bracket around the word at `place`; nil for one that stands outside of all.
  func parent(_ place: Int) -> Int? {
    guard tokens.indices.contains(place) else { return nil }
    let parent = Int(parents[place])
    return parent < 0 ? nil : parent
  }

  /// What stands between the brackets of which `opener` is the first; empty without a second.
  func inside(_ opener: Int) -> Range<Int> {
    guard let closer = partner(opener), closer > opener else { return opener..<opener }
    return (opener + 1)..<closer
  }

  /// The place behind the word, or behind the brackets that open with it.
  func next(_ place: Int) -> Int {
    guard let closer = partner(place), closer > place else { return place + 1 }
    return closer + 1
  }

  /// The pieces of `places` between marks that stand in no inner bracket; none of nothing.
  func split(_ places: Range<Int>, at mark: StaticString = ",") -> [Range<Int>] {
    guard !places.isEmpty else { return [] }
    var pieces: [Range<Int>] = []
    var start = places.lowerBound
    var place = start
    while place < places.upperBound {
      if self.is(place, mark) {
        pieces.append(start..<place)
        start = place + 1
      }
      place = next(place)
    }
    if start < places.upperBound { pieces.append(start..<places.upperBound) }
    return pieces
  }

  /// `places` without the brackets that only hold it together.
  func unwrapped(_ places: Range<Int>) -> Range<Int> {
    var places = places
    while places.count > 2, self.is(places.lowerBound, "("),
      partner(places.lowerBound) == places.upperBound - 1
    {
      places = (places.lowerBound + 1)..<(places.upperBound - 1)
    }
    return places
  }
}

// MARK: - Searches

extension JavaScriptCode {
  /// Whether the word at `place` has these bytes in it.
  func contains(_ part: [UInt8], at place: Int) -> Bool {
    let word = bytes[range(place)]
    return word.count >= part.count && !word.ranges(of: part).isEmpty
  }

  /// The start of the text, as far as a chunk says what it is.
  var head: String { String(decoding: bytes.prefix(ChunkCode.headSize), as: UTF8.self) }

  /// Whether `word` is among the names.
  func has(name word: StaticString) -> Bool {
    all.contains { tokens[$0].kind == .name && self.is($0, word) }
  }

  /// Whether the string at `place` is what `eval` runs.
  func isEvaluated(_ place: Int) -> Bool {
    guard let opener = parent(place), self.is(opener, "(") else { return false }
    if self.is(opener - 1, "eval") { return true }
    // `eval(require.ts("…"))`, for trusted types.
    return parent(opener).map { self.is($0 - 1, "eval") } ?? false
  }
}
