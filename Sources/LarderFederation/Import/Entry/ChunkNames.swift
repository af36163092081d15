/// The files of chunks, as the functions of a runtime name them.
struct ChunkNames: Sendable {
  private let shapes: EntryShapes
  private let tables = ConstantExpression.Tables()
  /// `u`: the code of a chunk.
  private let script: JavaScriptFunction?
  /// `miniCssF` or `k`: its styles.
  private let style: JavaScriptFunction?
  /// Which chunks have code, and which have styles; nil where all have.
  private let scriptTest: ChunkTest?
  private let styleTest: ChunkTest?
  /// `h`: the hash of the whole build.
  private let properties: [String: String]
  /// The chunks that have styles, where a table lists them.
  private let styled: Set<String>?
  private var code: JavaScriptCode { shapes.code }

  init(_ shapes: EntryShapes, _ runtime: EntryRuntime) {
    self.shapes = shapes
    let code = shapes.code
    func function(_ name: String) -> JavaScriptFunction? {
      shapes.assigned(name).flatMap { code.function($0) }
    }
    script = function("u")
    let mini = function("miniCssF")
    style = mini ?? function("k")
    scriptTest = ["j", "readFileVm", "require", "i"].lazy.compactMap { runtime.handler($0) }
      .first.flatMap { ChunkTest($0, in: code) }
    styled = runtime.handler("miniCss").flatMap { Self.listed($0, in: code) }
    styleTest = mini == nil ? runtime.handler("css").flatMap { ChunkTest($0, in: code) } : nil
    let hash = function("h").flatMap { code.result(of: $0) }.flatMap { code.string($0) }
    properties = hash.map { ["h": $0] } ?? [:]
  }

  /// The code and styles of a chunk; none for one that only has needs. Nil where the function of
  /// the runtime does not come to a name.
  func files(of id: String) -> [String]? {
    var files: [String] = []
    if scriptTest?.passes(id) ?? true {
      guard let script, let name = result(of: script, for: id) else { return nil }
      files.append(name)
    }
    if let style, styled?.contains(id) ?? styleTest?.passes(id) ?? false {
      guard let name = result(of: style, for: id) else { return nil }
      files.append(name)
    }
    return files
  }

  /// The value that the function returns: of the first condition that holds, else of the last
  /// `return`.
  private func result(of function: JavaScriptFunction, for id: String) -> String? {
    if function.isExpression { return value(function.body, function, id).written.flatMap(path) }
    var place = function.body.lowerBound
    while place < function.body.upperBound {
      var isMet = true
      if code.is(place, "if"), let closer = code.partner(place + 1) {
        guard let met = value(code.inside(place + 1), function, id).isTrue else { return nil }
        isMet = met
        place = closer + 1
        if code.is(place, "{") { place += 1 }
      }
      if code.is(place, "return") {
        let end = code.endOfExpression(place + 1)
        if isMet { return value((place + 1)..<end, function, id).written.flatMap(path) }
        place = end + 1
      } else {
        place += 1
      }
    }
    return nil
  }

  private func value(
    _ places: Range<Int>, _ function: JavaScriptFunction, _ id: String
  ) -> JavaScriptValue {
    let name = function.parameters.first.flatMap { $0 } ?? ""
    var expression = ConstantExpression(
      places, of: code, variables: [name: .text(id)], properties: properties, tables: tables)
    return expression.value()
  }

  /// A table without the chunk makes it `undefined`, which is no name. What stands behind the name
  /// of the file, `?v=a1b2`, is for caches.
  private func path(_ text: String) -> String? {
    text.isEmpty || text.contains("undefined") ? nil : BuildPath.withoutQuery(text)
  }

  /// The keys of the object in a handler whose values are all 1.
  private static func listed(_ handler: Range<Int>, in code: JavaScriptCode) -> Set<String>? {
    for place in handler where code.is(place, "{") {
      guard let members = code.members(place), !members.isEmpty,
        members.allSatisfy({ code.boolean($0.value) == true })
      else { continue }
      return Set(members.map(\.key))
    }
    return nil
  }
}
