extension BundlerConfiguration {
  /// The text with Larder's plugin behind each federation plugin, and the line that loads it; nil
  /// where there is none that stands in a list, or where Larder's is there already.
  package var withLarder: String? {
    guard !hasLarder else { return nil }
    let places = federations.filter { isListed($0) }
    guard !places.isEmpty, let first = firstStatement else { return nil }
    var edits = places.map { federation in
      let start = Int(code.tokens[federation.words.lowerBound].start)
      let indentation = indentation(before: start)
      return (
        at: Int(code.tokens[federation.words.upperBound - 1].end),
        text: indentation.map { ",\n\($0)new LarderPlugin()" } ?? ", new LarderPlugin()"
      )
    }
    let load =
      isModule
      ? "import { LarderPlugin } from 'larder/plugin';\n"
      : "const { LarderPlugin } = require('larder/plugin');\n"
    edits.append((at: lineStart(of: first), text: load))
    var bytes = code.bytes
    for edit in edits.sorted(by: { $0.at > $1.at }) {
      bytes.insert(contentsOf: Array(edit.text.utf8), at: edit.at)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether what follows a comma stands beside it: in a list, or in a call of `push`.
  private func isListed(_ federation: Federation) -> Bool {
    guard let opener = code.parent(federation.words.lowerBound) else { return false }
    if code.is(opener, "[") { return true }
    return code.is(opener, "(") && code.is(opener - 1, "push")
  }

  /// Whether it is an ECMAScript module: it imports or exports as one.
  private var isModule: Bool {
    code.all.contains { place in
      guard code.parent(place) == nil else { return false }
      if code.is(place, "export"), !code.is(place - 1, ".") { return !code.is(place + 1, "=") }
      return code.is(place, "import") && !code.is(place + 1, "(") && !code.is(place - 1, ".")
    }
  }

  /// Behind `'use strict'`.
  private var firstStatement: Int? {
    var place = 0
    while code.kind(place) == .string { place += code.is(place + 1, ";") ? 2 : 1 }
    return code.all.contains(place) ? Int(code.tokens[place].start) : nil
  }

  private func lineStart(of byte: Int) -> Int {
    (code.bytes[..<byte].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
  }

  /// The blanks before what stands first in its line; nil for anything else.
  private func indentation(before byte: Int) -> String? {
    let blanks = code.bytes[lineStart(of: byte)..<byte]
    guard blanks.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else {
      return nil
    }
    return String(decoding: blanks, as: UTF8.self)
  }
}
