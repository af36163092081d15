extension EntryReader {
  /// A registration with the module that its getter requires.
  struct Registration {
    let facts: ProvideFacts
    let module: String?
  }

  /// What the runtime registers, in its order.
  func registrations() -> [Registration] {
    var seen: Set<String> = []
    return (registered() + listed()).filter {
      seen.insert("\($0.facts.scope)\n\($0.facts.key)\n\($0.facts.version)").inserted
    }
  }

  /// Whether the runtime knows share scopes at all.
  var hasSharing: Bool {
    shapes.assignments["I"] != nil || !shapes.shareRecords.isEmpty
      || shapes.assignments["initializeSharingData"] != nil
  }

  // MARK: - webpack's own runtime

  /// `register("react", "18.1.0", () => …)` in the function that fills a scope, whatever it is
  /// called there.
  private func registered() -> [Registration] {
    let code = shapes.code
    guard let filling = shapes.assigned("I") else { return [] }
    var scope = "default"
    var found: [Registration] = []
    // Where the last one ended that is written out.
    var end = filling.lowerBound
    for place in filling {
      if let name = scopeName(at: place) { scope = name }
      if code.is(place, "{"), let provide = writtenOut(place, since: end, in: scope) {
        found.append(provide)
        end = place
      }
      guard code.is(place, "("), code.partner(place) ?? 0 > place else { continue }
      let arguments = code.split(code.inside(place))
      if let provide = provide(arguments, in: scope) {
        found.append(provide)
      } else if let provide = inlined(place, arguments, in: scope) {
        found.append(provide)
      }
    }
    return found
  }

  /// `case "default":`, `"default" === name`.
  private func scopeName(at place: Int) -> String? {
    let code = shapes.code
    guard let name = code.string(place) else { return nil }
    if code.is(place - 1, "case") { return name }
    if code.is(place + 1, "==="), code.kind(place + 2) == .name, !code.is(place + 2, "typeof") {
      return name
    }
    return code.is(place - 1, "===") && code.isVariable(place - 2) ? name : nil
  }

  private func provide(_ arguments: [Range<Int>], in scope: String) -> Registration? {
    let code = shapes.code
    guard arguments.count == 3 || arguments.count == 4, let key = code.string(arguments[0]),
      let version = code.key(arguments[1]), code.function(arguments[2]) != nil
    else { return nil }
    let isEager = arguments.count == 4 && code.boolean(arguments[3]) == true
    return registration(scope, key, version, isEager: isEager, getter: arguments[2])
  }

  private func registration(
    _ scope: String, _ key: String, _ version: String, isEager: Bool, getter: Range<Int>
  ) -> Registration {
    Registration(
      facts: ProvideFacts(
        scope: scope, key: key, version: version, eager: isEager,
        chunks: shapes.chunks(in: getter)),
      module: shapes.module(in: getter))
  }

  /// The only registration of a build, which minifiers write out in place: `((name, version) => {…
  /// list[version] = {get: () => …, from: …, eager: true} …})("react", "18.1.0")`, or with the two
  /// texts where the parameters were.
  private func inlined(
    _ place: Int, _ arguments: [Range<Int>], in scope: String
  ) -> Registration? {
    let code = shapes.code
    guard code.is(place - 1, ")"), let opener = code.partner(place - 1),
      let function = code.function(opener..<place), let record = record(in: function.body)
    else { return nil }
    var names: [String: String] = [:]
    for (parameter, argument) in zip(function.parameters, arguments) {
      if let parameter, let text = code.string(argument) { names[parameter] = text }
    }
    guard let version = target(before: record.place, names),
      let key = scopeKey(in: function.body, names)
    else { return nil }
    return registration(scope, key, version, isEager: record.isEager, getter: record.getter)
  }

  /// The same without a function, as another minifier writes it: `u = "18.1.0", (c = (a = s[r =
  /// "react"] = s[r] || {})[u]) && … || (a[u] = {get: () => …, from: …, eager: …})`.
  private func writtenOut(_ place: Int, since start: Int, in scope: String) -> Registration? {
    let code = shapes.code
    guard let record = record(at: place) else { return nil }
    var names: [String: String] = [:]
    for place in start..<place where code.kind(place) == .name && code.is(place + 1, "=") {
      if let text = code.string(place + 2) { names[code.text(place)] = text }
    }
    guard let version = target(before: place, names), let key = scopeKey(in: start..<place, names)
    else { return nil }
    return registration(scope, key, version, isEager: record.isEager, getter: record.getter)
  }

  /// `{get: () => …, from: …, eager: …}` with a getter of its own.
  private func record(
    in places: Range<Int>
  ) -> (place: Int, getter: Range<Int>, isEager: Bool)? {
    places.lazy.compactMap { place in record(at: place).map { (place, $0.getter, $0.isEager) } }
      .first
  }

  private func record(at place: Int) -> (getter: Range<Int>, isEager: Bool)? {
    let code = shapes.code
    guard code.is(place, "{"), let members = code.members(place),
      let getter = code.value(of: "get", in: members),
      code.value(of: "from", in: members) != nil, code.function(getter) != nil
    else { return nil }
    let eager = code.value(of: "eager", in: members).flatMap { code.boolean($0) }
    return (getter, eager ?? false)
  }

  /// The key in `list[key] = {` before the record.
  private func target(before place: Int, _ names: [String: String]) -> String? {
    let code = shapes.code
    guard code.is(place - 1, "="), code.is(place - 2, "]") else { return nil }
    return text(at: place - 3, names)
  }

  /// The package in `scope[name] = scope[name] || {}`.
  private func scopeKey(in places: Range<Int>, _ names: [String: String]) -> String? {
    let code = shapes.code
    for place in places where code.begins(place, "||", "{", "}") {
      if code.is(place - 1, "]") { return text(at: place - 2, names) }
      if code.kind(place - 1) == .name, code.is(place - 2, ".") { return code.text(place - 1) }
    }
    return nil
  }

  private func text(at place: Int, _ names: [String: String]) -> String? {
    shapes.code.key(place) ?? names[shapes.code.text(place)]
  }

  // MARK: - Tables of Module Federation 2 and rspack

  /// `{version, get, scope}` in a list under the package's name, `{name, version, factory}` in one
  /// under the scope's.
  private func listed() -> [Registration] {
    let code = shapes.code
    return shapes.versionRecords.compactMap { owner, members in
      guard let version = code.value(of: "version", in: members).flatMap({ code.string($0) }),
        let getter = code.value(of: "get", in: members) ?? code.value(of: "factory", in: members),
        code.function(getter) != nil
      else { return nil }
      let name = code.value(of: "name", in: members).flatMap { code.string($0) }
      let scopes = code.value(of: "scope", in: members).flatMap { code.keys($0) }
      guard name != nil || scopes != nil else { return nil }
      let config =
        code.value(of: "shareConfig", in: members).flatMap { code.members($0) } ?? members
      let eager = code.value(of: "eager", in: config).flatMap { code.boolean($0) }
      return registration(
        name == nil ? scopes?.first ?? "default" : owner, name ?? owner, version,
        isEager: eager ?? false, getter: getter)
    }
  }
}
