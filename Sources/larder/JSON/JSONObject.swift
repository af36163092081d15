import LarderClient

/// The members of one JSON object, and where it stands in its document, which errors name.
struct JSONObject {
  let place: String
  let members: [JSONValue.Member]

  init(_ value: JSONValue?, at place: String) throws(ClientError) {
    guard case .object(let members) = value else {
      throw .input("\(place) must be an object, not \(value?.kind ?? "missing")")
    }
    self.place = place
    self.members = members
  }

  /// The value of `name`; nil where it is missing or null.
  subscript(_ name: String) -> JSONValue? {
    members.first { $0.name == name && $0.value != .null }?.value
  }

  /// The text of the first of `names` that is there.
  func text(_ names: String...) throws(ClientError) -> String? {
    for name in names {
      switch self[name] {
      case nil: continue
      case .string(let text): return text
      case let other?: throw .input("\(place).\(name) must be a text, not \(other.kind)")
      }
    }
    return nil
  }

  func requiredText(_ name: String) throws(ClientError) -> String {
    guard let text = try text(name) else { throw .input("\(place).\(name) is missing") }
    return text
  }

  /// A boolean; 1 and 0 count as such, since runtimes write `loaded: 1`.
  func flag(_ name: String) throws(ClientError) -> Bool? {
    switch self[name] {
    case nil: return nil
    case .bool(let flag): return flag
    case .number("1"): return true
    case .number("0"): return false
    case let other?: throw .input("\(place).\(name) must be true or false, not \(other.kind)")
    }
  }

  /// Refuses a member that is nearly one of `known`, and notes others that are not.
  func expect(_ known: [String], noted: inout [String]) throws(ClientError) {
    for member in members where !known.contains(member.name) {
      let meant = known.first { $0.lowercased() == member.name.lowercased() }
      if let near = meant ?? NearName.find(member.name, among: known) {
        throw .input("\(place) has '\(member.name)'", remedy: "was '\(near)' meant?")
      }
      noted.append("'\(member.name)' of \(place) is not looked at")
    }
  }
}

extension ClientError {
  /// A document that a command cannot do anything with; exits with 65.
  static func input(
    _ message: String, remedy: String? = nil, subject: String? = nil
  ) -> ClientError {
    ClientError(code: .invalidInput, message: message, remedy: remedy, subject: subject)
  }
}
