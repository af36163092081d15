/// The shapes in the code of an entry that the tables of a federation runtime have, minified or
/// not: found by literals and by the names of properties, which no minifier changes.
struct EntryShapes: Sendable {
  /// A call with its arguments: `load("default", "react", …)`.
  struct Call: Sendable {
    /// From the start of the expression that is called.
    let callee: Range<Int>
    let arguments: [Range<Int>]
  }

  let code: JavaScriptCode
  /// The variable that the runtime hangs its functions on: `require` in all but name.
  let require: String
  /// Places of `name` in `x.name = …`, where `x` is that variable or `require.f`.
  private(set) var assignments: [String: [Int]] = [:]
  /// Objects whose keys begin with `.` and whose values are functions.
  private(set) var exposeMaps: [[JavaScriptMember]] = []
  /// `{id: () => load("scope", "key", …)}`.
  private(set) var consumeTables: [[(id: String, call: Call)]] = []
  /// `{id: ["scope", "./X", external]}`.
  private(set) var remoteTables: [[(id: String, row: [Range<Int>])]] = []
  /// `{chunk: [id, id]}`.
  private(set) var idTables: [[(key: String, ids: [String])]] = []
  /// Places of objects with a key `shareKey`, with the key of the object in the table that holds
  /// them.
  private(set) var shareRecords: [(owner: String, members: [JavaScriptMember])] = []
  /// Objects that describe a provided version: `{version, get, scope}` or `{name, version,
  /// factory}`, with the key of the list that holds them.
  private(set) var versionRecords: [(owner: String, members: [JavaScriptMember])] = []
  /// Objects that describe a remote: `{name, entry}` or `{externalType, name}`.
  private(set) var remoteRecords: [(owner: String, members: [JavaScriptMember])] = []
  /// `{externalModuleId, name, shareScope}`, with the module that it is about.
  private(set) var remoteModules: [(id: String, members: [JavaScriptMember])] = []
  /// Functions by the key that an object gives them: the modules among much else.
  private var functions: [String: Range<Int>] = [:]

  init(_ code: JavaScriptCode) {
    self.code = code
    require = Self.require(in: code)
    for place in code.all {
      if code.is(place, "="), code.kind(place - 1) == .name, code.is(place - 2, "."),
        code.text(place - 3) == require || code.is(place - 3, "f")
      {
        assignments[code.text(place - 1), default: []].append(place - 1)
      } else if code.is(place, "{"), let members = code.members(place), !members.isEmpty {
        take(members, at: place)
      }
    }
  }

  /// The variable to which functions with the names of webpack's own are assigned.
  private static func require(in code: JavaScriptCode) -> String {
    let names: [StaticString] = ["o", "d", "e", "u", "f", "m", "I", "l", "g"]
    var counts: [String: Int] = [:]
    for place in code.all where code.is(place, "=") && code.is(place - 2, ".") {
      guard code.isVariable(place - 3), names.contains(where: { code.is(place - 1, $0) }) else {
        continue
      }
      counts[code.text(place - 3), default: 0] += 1
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
  }

  private mutating func take(_ members: [JavaScriptMember], at place: Int) {
    let keys = Set(members.map(\.key))
    if keys.contains("shareKey") {
      shareRecords.append((owner(of: place), members))
    } else if keys.contains("version"), keys.contains("get") || keys.contains("factory") {
      versionRecords.append((owner(of: place), members))
    } else if keys.contains("externalModuleId"), keys.contains("shareScope") {
      remoteModules.append((owner(of: place), members))
    } else if keys.contains("name"), keys.contains("entry") || keys.contains("externalType") {
      remoteRecords.append((owner(of: place), members))
    }
    guard let first = members.first else { return }
    if code.function(first.value) != nil {
      guard members.allSatisfy({ code.function($0.value) != nil }) else { return }
      if members.allSatisfy({ $0.key == "." || $0.key.hasPrefix("./") }) {
        exposeMaps.append(members)
      }
      if takeConsumes(members) { return }
      for member in members where functions[member.key] == nil {
        functions[member.key] = member.value
      }
    } else if code.is(first.value.lowerBound, "[") {
      takeLists(members)
    }
  }

  private mutating func takeConsumes(_ members: [JavaScriptMember]) -> Bool {
    var table: [(id: String, call: Call)] = []
    for member in members {
      guard let function = code.function(member.value), function.parameters.isEmpty,
        let result = code.result(of: function), let call = call(result), isLoad(call)
      else { return false }
      table.append((member.key, call))
    }
    consumeTables.append(table)
    return true
  }

  /// Two texts, then nothing but a truth value, a list and a function.
  private func isLoad(_ call: Call) -> Bool {
    guard call.arguments.count >= 2, code.string(call.arguments[0]) != nil,
      code.string(call.arguments[1]) != nil
    else { return false }
    return call.arguments.dropFirst(2).allSatisfy {
      code.boolean($0) != nil || code.array($0) != nil || code.function($0) != nil
    }
  }

  private mutating func takeLists(_ members: [JavaScriptMember]) {
    var remotes: [(id: String, row: [Range<Int>])] = []
    var lists: [(key: String, ids: [String])] = []
    for member in members {
      guard let elements = code.array(member.value) else { return }
      if elements.count >= 3, let expose = code.string(elements[1]), expose.hasPrefix("."),
        code.key(elements[0]) != nil || code.array(elements[0]) != nil,
        code.key(elements[2]) != nil
      {
        remotes.append((member.key, elements))
      }
      if let ids = code.keys(member.value) { lists.append((member.key, ids)) }
    }
    if remotes.count == members.count {
      remoteTables.append(remotes)
    } else if lists.count == members.count {
      idTables.append(lists)
    }
  }

  /// The key under which the brackets at `place` stand, those of a list around them left out.
  func owner(of place: Int) -> String {
    var place = place
    if let list = code.parent(place), code.is(list, "[") { place = list }
    guard code.is(place - 1, ":") else { return "" }
    return code.kind(place - 2) == .name ? code.text(place - 2) : code.key(place - 2) ?? ""
  }

  // MARK: - Shapes in expressions

  /// The call that `places` consists of.
  func call(_ places: Range<Int>) -> Call? {
    let places = code.unwrapped(places)
    guard places.count > 2, code.is(places.upperBound - 1, ")"),
      let opener = code.partner(places.upperBound - 1), opener > places.lowerBound
    else { return nil }
    return Call(
      callee: places.lowerBound..<opener, arguments: code.split(code.inside(opener)))
  }

  /// Identifiers in `.e("a")`, in order, each once.
  func chunks(in places: Range<Int>) -> [String] {
    var found: [String] = []
    for place in places where code.is(place, "e") && code.is(place - 1, ".") {
      guard code.is(place + 1, "("), let id = code.key(place + 2), !found.contains(id),
        code.is(place + 3, ")") || code.is(place + 3, ",")
      else { continue }
      found.append(id)
    }
    return found
  }

  /// The module that a getter's innermost function requires: `() => () => require(id)`.
  func module(in places: Range<Int>) -> String? {
    for place in places.reversed() where code.is(place, "(") && code.kind(place - 1) == .name {
      let inside = code.inside(place)
      if code.isVariable(place - 1), inside.count == 1, let id = code.key(inside.lowerBound) {
        return id
      }
    }
    return nil
  }

  /// The function with identifier `id` among the modules; nil where none has it.
  func module(_ id: String) -> Range<Int>? { functions[id] }

  /// The function or value assigned to the first `x.name = …`.
  func assigned(_ name: String) -> Range<Int>? {
    assignments[name]?.first.map { ($0 + 2)..<code.endOfExpression($0 + 2) }
  }
}
