import Testing

@testable import LarderFederation

@Suite("Share scopes")
struct ShareScopeTests {
  @Test(
    "A registration contests as recorded", arguments: VectorFile.all.registerVectors,
    RuleSet.allCases
  )
  func register(_ vector: RegisterVector, _ rules: RuleSet) {
    var scope = ShareScope()
    if let existing = vector.existing {
      scope.put(
        ShareEntry(
          version: existing.version, from: existing.from, eager: existing.eager,
          isLoaded: existing.loaded == 1), under: vector.key)
    }
    let new = vector.register
    let registration = scope.register(
      key: new.key, version: new.version, from: new.uniqueName, eager: new.eager, under: rules)
    #expect(registration.rule == .tie)
    let entries = scope.versions(of: vector.key) ?? []
    #expect(Set(entries.map(\.version)) == Set(vector.expect.keys))
    for entry in entries {
      #expect(entry.from == vector.expect[entry.version]?.from)
      #expect(entry.eager == vector.expect[entry.version]?.eager)
    }
  }

  @Test("What was registered under loaded-first stays for its own kind, and only for it")
  func loadedFirst() {
    for (rules, taken) in [
      (RuleSet.mf2VersionFirst, false), (.mf2LoadedFirst, false), (.webpack, true),
    ] {
      var scope = ShareScope()
      scope.register(key: "lib", version: "1.0.0", from: "a", under: .mf2LoadedFirst)
      let registration = scope.register(
        key: "lib", version: "1.0.0", from: "b", eager: true, under: rules)
      #expect(registration.isTaken == taken)
      #expect(registration.rule == (taken ? .tie : .loadedFirst))
    }
  }

  @Test(
    "A consumer gets what the runtime gave it", arguments: VectorFile.all.shareVectors,
    RuleSet.allCases)
  func select(_ vector: ShareVector, _ rules: RuleSet) {
    let expected = vector.expect.under(rules)
    var scope = ShareScope(name: vector.scopeName)
    for (key, entries) in vector.scope {
      scope.declare(key)
      for entry in entries {
        scope.put(
          ShareEntry(
            version: entry.version, from: entry.from, eager: entry.eager ?? false,
            isLoaded: entry.loaded ?? false), under: key)
      }
    }
    let options = vector.consumer
    let consumer = ShareConsumer(
      key: options.shareKey ?? options.key ?? "",
      range: options.requirement.map { VersionRequirement(parsing: $0, under: rules) },
      isStrict: options.strictVersion, isSingleton: options.singleton ?? false,
      isEager: options.eager ?? false, hasFallback: options.import != false)
    let decision = scope.select(consumer, under: rules)

    #expect((decision.rule == .noMatch) == (expected.noMatch ?? false))
    switch decision.outcome {
    case .shared(let entry):
      #expect(expected.outcome == "shared")
      #expect(expected.provider == ShareVector.Provider(version: entry.version, from: entry.from))
    case .fallback: #expect(expected.outcome == "fallback" || expected.noMatch == true)
    case .failure(let failure):
      if expected.noMatch == true { break }
      // Where the runtime throws a TypeError, the name of what went wrong.
      let daemon = vector.expect.isNewer(rules) ? vector.expect.daemon?.error : nil
      #expect((failure.kind.name ?? failure.message) == daemon ?? expected.error)
    }
    #expect(decision.warnings == expected.warnings ?? [])
    #expect(!decision.reason.isEmpty)
    if let loadedAfter = expected.loadedAfter {
      let loaded = vector.scope.keys.sorted().flatMap { key in
        (scope.versions(of: key) ?? []).filter(\.isLoaded).map { "\(key)@\($0.version)" }
      }
      #expect(loaded == loadedAfter)
    }
    // The recorded rule may name the rule of comparison beside the one that decided.
    let deciding = vector.rule.split(separator: "+").map(String.init).filter {
      $0.hasPrefix("W") && $0 != "W13"
    }
    if rules == .webpack, !deciding.isEmpty { #expect(deciding.contains(decision.rule.rawValue)) }
  }

  @Test(
    "A package without versions is a structured error in every form",
    arguments: [RuleSet.webpack, .webpack575])
  func emptyKey(_ rules: RuleSet) {
    var scope = ShareScope()
    scope.declare("lib")
    for (isSingleton, isEager) in [(false, false), (false, true), (true, false), (true, true)] {
      let consumer = ShareConsumer(
        key: "lib", range: nil, isSingleton: isSingleton, isEager: isEager, hasFallback: false)
      #expect(scope.decide(consumer, under: rules).rule == .noVersion)
    }
  }

  @Test("An eager consumer without eager providers differs between the rule sets")
  func eager() {
    var scope = ShareScope()
    scope.register(key: "lib", version: "1", from: "a")
    let consumer = ShareConsumer(
      key: "lib", range: VersionRequirement(parsing: "^2", under: .webpack), isStrict: false,
      isEager: true)
    let decision = scope.decide(consumer, under: .webpack)
    #expect(decision.rule == .noEagerProvider)
    #expect(
      decision.warnings == [
        "No satisfying version (^2) for eager consumption of shared module lib"
          + " found in shared scope default.\nAvailable versions: 1 from a"
      ])
    #expect(scope.decide(consumer, under: .webpack575).rule == .highestUnsatisfying)
  }

  @Test("Versions that look like array indices come first, in numeric order")
  func ownKeyOrder() {
    var scope = ShareScope()
    for version in ["1.0.0", "10", "b", "2", "4294967295", "01"] {
      scope.register(key: "lib", version: version, from: "a")
    }
    #expect(
      scope.versions(of: "lib")?.map(\.version) == ["2", "10", "1.0.0", "b", "4294967295", "01"])
  }

  @Test(
    "A choice is always among the registered versions, and is marked",
    arguments: 0..<64 as Range<UInt64>)
  func choiceIsRegistered(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var scope = ShareScope()
    var registered: Set<String> = []
    for _ in 0..<generator.below(8) {
      let version = generator.version()
      registered.insert(version)
      scope.register(
        key: "lib", version: version, from: generator.pick(["a", "b"]), eager: generator.coin())
    }
    for _ in 0..<8 {
      let rules = generator.pick(RuleSet.allCases)
      let consumer = ShareConsumer(
        key: "lib",
        range: generator.coin()
          ? VersionRequirement(parsing: generator.range(), under: rules) : nil,
        isStrict: generator.coin(), isSingleton: generator.coin(), isEager: generator.coin(),
        hasFallback: generator.coin())
      let before = scope.decide(consumer, under: rules)
      let decision = scope.select(consumer, under: rules)
      #expect(before == decision, "seed \(seed)")
      guard case .shared(let entry) = decision.outcome else { continue }
      #expect(registered.contains(entry.version), "seed \(seed)")
      #expect(
        scope.versions(of: "lib")?.first { $0.version == entry.version }?.isLoaded == true,
        "seed \(seed)")
    }
  }
}
