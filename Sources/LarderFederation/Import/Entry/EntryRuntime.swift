/// What the runtime in an entry tells of the build as a whole, whether or not the container is in
/// the same file.
struct EntryRuntime {
  private let shapes: EntryShapes
  private var code: JavaScriptCode { shapes.code }

  init(_ shapes: EntryShapes) { self.shapes = shapes }

  /// - Returns: nil for a text beyond the limits.
  init?(_ text: String) {
    guard let code = JavaScriptCode(text) else { return nil }
    self.init(EntryShapes(code))
  }

  /// The build's `output.uniqueName`: in the object that the runtime registers, `{get: …, from: X,
  /// …}`; else before the colon of the mark that its script elements have; else beside the table of
  /// what is shared.
  var uniqueName: String? {
    for place in code.all where code.begins(place, "from", ":") {
      if let name = text(at: place + 2) { return name }
    }
    for place in code.all where code.string(place) == "data-webpack" {
      for next in [place + 2, place + 4]
      where code.is(next - 1, ",") || code.is(next - 1, "==") || code.is(next - 1, "===") {
        if let mark = text(at: next), mark.count > 1, mark.hasSuffix(":") {
          return String(mark.dropLast())
        }
      }
    }
    let data = shapes.assigned("initializeSharingData").flatMap { code.members($0) } ?? []
    return code.value(of: "uniqueName", in: data).flatMap { code.string($0) }
  }

  /// The release that rspack writes into its runtime, `ruid = "bundler=rspack@1.7.1"`; nil where
  /// nothing says it.
  var bundlerVersion: String? {
    let mark = "bundler=rspack@"
    return shapes.assigned("ruid").flatMap { code.string($0) }.flatMap {
      $0.hasPrefix(mark) ? String($0.dropFirst(mark.count)) : nil
    }
  }

  /// The global under which chunks report: `self.x = self.x || []`.
  var chunkGlobal: String? {
    for place in code.all where code.begins(place, "||", "[", "]") {
      if code.is(place - 4, "="), code.kind(place - 1) == .name, code.is(place - 2, "."),
        code.text(place - 1) == code.text(place - 5), code.is(place - 6, ".")
      {
        return code.text(place - 1)
      }
      if code.is(place - 5, "="), code.is(place - 1, "]"), let name = code.string(place - 2),
        code.is(place - 6, "]"), code.string(place - 7) == name
      {
        return name
      }
    }
    return nil
  }

  /// How chunks are loaded, by the names of the runtime's handlers.
  var target: ContainerTarget? {
    if handler("readFileVm") != nil { return .asyncNode }
    if handler("require") != nil { return .node }
    if handler("i") != nil { return .webworker }
    if let handler = handler("j") {
      let imports = handler.contains { code.is($0, "import") && code.is($0 + 1, "(") }
      return imports && chunkGlobal == nil ? .module : .web
    }
    if code.has(name: "runInThisContext") { return .asyncNode }
    return chunkGlobal != nil ? .web : nil
  }

  /// Whether it has the name of every chunk.
  var loadsChunks: Bool { shapes.assigned("u") != nil }

  /// The function assigned to `f.name`, which loads what `name` stands for.
  func handler(_ name: String) -> Range<Int>? {
    for place in shapes.assignments[name] ?? [] where code.is(place - 2, "f") {
      let value = (place + 2)..<code.endOfExpression(place + 2)
      if code.function(value) != nil { return value }
    }
    return nil
  }

  /// The string at `place`, or what the variable there was given.
  private func text(at place: Int) -> String? {
    if let text = code.string(place) { return text.isEmpty ? nil : text }
    guard code.kind(place) == .name else { return nil }
    let text = code.definition(of: place).flatMap { code.string($0) }
    return text?.isEmpty == true ? nil : text
  }
}
