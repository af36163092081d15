import Testing

@Suite("The house style")
struct StyleTests {
  private static let all = SourceTree.sources + SourceTree.tests

  @Test("keeps every file below 600 lines", arguments: all)
  func length(_ file: SourceTree.File) {
    #expect(file.lines.count <= 600, "split \(file): \(file.lines.count) lines")
  }

  @Test("has no drawer for odds and ends", arguments: all)
  func names(_ file: SourceTree.File) {
    for word in ["Manager", "Helper", "Utils", "Util", "Common", "Misc"] {
      #expect(!file.name.contains(word), "name \(file) after what it does")
      for (number, line) in file.code.enumerated()
      where ["struct", "class", "enum", "actor", "protocol"].contains(where: {
        line.contains("\($0) ")
      }) {
        #expect(!line.contains("\(word) "), "\(file):\(number + 1) declares a \(word)")
      }
    }
  }

  @Test("finishes what it starts", arguments: all)
  func unfinished(_ file: SourceTree.File) {
    guard file.target != "TidyTests" else { return }
    for (number, line) in file.lines.enumerated() {
      #expect(!line.contains(#/\b(TODO|FIXME|XXX|HACK)\b/#), "\(file):\(number + 1) is not done")
    }
  }

  @Test("never traps on data", arguments: SourceTree.sources)
  func traps(_ file: SourceTree.File) {
    for (number, line) in file.code.enumerated() {
      for word in ["fatalError(", "try!", " as! ", "assertionFailure("] {
        #expect(!line.contains(word), "\(file):\(number + 1) uses \(word)")
      }
    }
  }

  @Test("says why it drops an error", arguments: SourceTree.sources)
  func droppedErrors(_ file: SourceTree.File) {
    for (number, line) in file.code.enumerated() where line.contains(#/\btry\?/#) {
      #expect(isCommented(number, in: file), "\(file):\(number + 1): try? needs a reason beside it")
    }
  }

  @Test("awaits nothing within a value that is returned", arguments: SourceTree.sources)
  func awaitedParts(_ file: SourceTree.File) {
    for (number, line) in file.code.enumerated() {
      #expect(
        !line.contains(#/return \(.*, .*\bawait\b/#),
        "\(file):\(number + 1): bind it first; see Result.init(catching:)")
    }
  }

  @Test("argues for what the compiler cannot check", arguments: SourceTree.sources)
  func safety(_ file: SourceTree.File) {
    for (number, line) in file.code.enumerated()
    where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)")
      || line.contains("unsafeBitCast")
    {
      let above = file.lines[max(0, number - 6)...number]
      #expect(
        above.contains { $0.contains("Safety:") }, "\(file):\(number + 1) needs a Safety line")
    }
  }

  @Test("explains every limit", arguments: SourceTree.sources)
  func limits(_ file: SourceTree.File) {
    for (number, line) in file.code.enumerated()
    where line.contains("static let ") && line.contains("Max") && line.contains(" = ") {
      #expect(
        isCommented(number, in: file), "\(file):\(number + 1): where does this number come from?")
    }
  }

  @Test("documents what one target lends another", arguments: SourceTree.sources)
  func documentation(_ file: SourceTree.File) {
    let starts = [
      "package func ", "package static func ", "package struct ", "package final class ",
      "package enum ", "package protocol ", "package actor ", "public func ", "public struct ",
      "public enum ", "public final class ",
    ]
    for (number, line) in file.code.enumerated() {
      let code = line.drop { $0 == " " }
      guard starts.contains(where: code.hasPrefix), !code.contains("func ==("),
        !code.contains("func <("), !code.contains("func + "), !code.contains("func == "),
        !code.contains("func < "), !code.contains("func += "), !code.contains("func hash(")
      else { continue }
      #expect(isDocumented(number, in: file), "\(file):\(number + 1): say what its name does not")
    }
  }

  @Test("drives the clock in tests instead of waiting for it", arguments: SourceTree.tests)
  func sleeps(_ file: SourceTree.File) {
    guard file.target != "TidyTests" else { return }
    for (number, line) in file.code.enumerated() {
      for word in ["Task.sleep", "usleep(", "nanosleep(", "Thread.sleep"] {
        #expect(!line.contains(word), "\(file):\(number + 1) sleeps")
      }
    }
  }

  private func isCommented(_ number: Int, in file: SourceTree.File) -> Bool {
    file.lines[max(0, number - 5)...number].contains { $0.contains("//") }
  }

  private func isDocumented(_ number: Int, in file: SourceTree.File) -> Bool {
    var above = number - 1
    while above >= 0, file.lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
    return above >= 0 && file.lines[above].contains("///")
  }
}
