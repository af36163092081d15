import ArgumentParser
import LarderClient
import LarderFederation

/// Where the commands about shared packages read their cases, and under which rules.
struct ShareFile: ParsableArguments {
  /// A scope of a large page is some 100 KB; this is room for a hundred thousand cases.
  private static let sizeMax = 256 << 20

  @Option(help: "A JSON file with a case, or a list of cases; - is standard input.")
  var file: String

  @Option(help: "Whose rules: webpack, webpack-5.75, mf2-version-first or mf2-loaded-first.")
  var rules: RuleSet

  @Flag(help: "Print JSON: an object for a case, a list for a list.")
  var json = false

  /// Answers every case and prints the answers; tells on standard error what it did not look at.
  func answer<Answer: Encodable>(
    _ answer: (JSONObject, RuleSet, inout [String]) throws(ClientError) -> Answer,
    lines: (Answer) -> String
  ) throws {
    let input = try InputFile(path: file)
    let name = input.name
    let document = try JSONReader.read(try input.readAll(sizeMax: Self.sizeMax), named: name)
    var notes: [String] = []
    if case .array(let cases) = document {
      var answers: [Answer] = []
      for (index, one) in cases.enumerated() {
        answers.append(try answer(JSONObject(one, at: "case \(index)"), rules, &notes))
      }
      try print(json ? JSONText.document(answers) : answers.map(lines).joined(separator: "\n"))
    } else {
      let answer = try answer(JSONObject(document, at: "the case"), rules, &notes)
      try print(json ? JSONText.document(answer) : lines(answer))
    }
    for note in Set(notes).sorted() { Console.note(note) }
  }

  private func print(_ text: String) throws(ClientError) { try Console.write(text) }
}
