/// Reads a container out of the text of its entry alone, the one source that every deployed remote
/// has.
///
/// Goes by shapes: the literals and property names of the tables that a federation runtime carries.
/// Identifiers, white space and the order of things do not count, so that minified code reads like
/// any other. Nothing is evaluated but what gives chunks their file names. What the code does not
/// say is named among the unknown facts, and never guessed.
struct EntryReader {
  /// The file with the container.
  let entry: JavaScriptCode
  /// Of the file with the runtime: the entry, unless the build put the runtime into one of its own.
  let shapes: EntryShapes
  /// Of the entry.
  let entryShapes: EntryShapes
  let runtime: EntryRuntime
  private let container: ContainerModule
  /// Of the entry, below the root of the build.
  let path: String
  /// The file with the runtime where it is not the entry.
  let runtimePath: String?
  private var unknown: [UnknownFact] = []

  /// - Parameter runtime: the file with the runtime, of a build that has one.
  /// - Returns: nil for a text that is no entry of a container.
  init?(_ text: String, path: String, runtime file: (path: String, text: String)? = nil) {
    guard let entry = JavaScriptCode(text) else { return nil }
    entryShapes = EntryShapes(entry)
    guard let container = ContainerModule(entryShapes) else { return nil }
    self.entry = entry
    self.container = container
    self.path = path
    if let file, let code = JavaScriptCode(file.text) {
      shapes = EntryShapes(code)
      runtimePath = file.path
    } else {
      shapes = entryShapes
      runtimePath = nil
    }
    runtime = EntryRuntime(shapes)
  }

  /// Whether the runtime is in another file, without which the entry cannot start.
  var lacksRuntime: Bool {
    shapes.assignments["u"] == nil && shapes.assignments["e"] == nil
      && shapes.assignments["I"] == nil && container.exposes.contains { !$0.chunks.isEmpty }
  }

  /// Whether hosts give it packages by `override`, not by a scope.
  var isOverridden: Bool { container.isOverridden && shapes.assignments["I"] == nil }

  /// Whether it is a module of Vite's, which says the same of an expose that it does not have.
  var isModuleOfVite: Bool {
    LibraryShape(entry).type == "module" && (container.exposes.isEmpty || container.isOfFiles)
  }

  /// All that the entry tells.
  mutating func facts() -> ContainerFacts {
    var facts = ContainerFacts(name: "", entry: path)
    facts.exposes = container.exposes
    facts.shareScope = container.shareScope ?? "default"
    facts.bundler = bundler
    facts.webpackVersion = runtime.bundlerVersion ?? ""
    facts.entryPrerequisites = runtimePath.map { [$0] } ?? []
    readNames(into: &facts)
    facts.publicPath = publicPath()
    let registrations = registrations()
    facts.provides = registrations.map(\.facts)
    facts.consumes = consumes(registrations)
    facts.remotes = remotes()
    facts.ruleSet = ruleSet(facts)
    readChunks(into: &facts)
    if lacksRuntime {
      noteMissingRuntime()
    } else if facts.target == nil {
      note(.target, "nothing in the entry loads a chunk")
    }
    if isOverridden {
      let reason = "a test release of webpack 5 built it, which has 'override' and no share scopes"
      for fact in [Fact.ruleSet, .shareScope] { note(fact, reason) }
    }
    if shapes.code.budget.isSpent {
      for fact in [Fact.uniqueName, .consumes, .ruleSet] {
        note(fact, "the code is too tangled to follow its variables")
      }
    }
    note(.opens, "the code of the chunks was not read")
    note(.order, "the code of the chunks was not read")
    facts.reading = Reading(source: .code, unknown: unknown)
    return facts
  }

  mutating func note(_ fact: Fact, _ reason: String) {
    unknown.append(UnknownFact(fact, reason))
  }

  /// Whether that was said already.
  func notes(_ reason: String) -> Bool { unknown.contains { $0.reason == reason } }

  private mutating func noteMissingRuntime() {
    let reason = "the runtime is in a file of its own (optimization.runtimeChunk)"
    let facts: [Fact] = [
      .uniqueName, .ruleSet, .target, .publicPath, .provides, .consumes, .remotes, .locations,
      .needs, .files,
    ]
    for fact in facts {
      unknown.removeAll { $0.fact == fact }
      note(fact, reason)
    }
  }

  private var bundler: Bundler {
    let isSecond = shapes.code.has(name: "initContainerEntry")
    if shapes.assignments["initializeExposesData"] != nil
      || shapes.assignments["initializeSharingData"] != nil
    {
      return isSecond ? .rspackFederation2 : .rspack
    }
    return isSecond ? .webpackFederation2 : .webpack
  }
}
