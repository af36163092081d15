/// A JSON document that keeps the order of members, which decides among share scopes (rule W13).
///
/// `JSONDecoder` reads objects into dictionaries and loses it.
enum JSONValue: Hashable {
  case null
  case bool(Bool)
  /// As it was written.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  struct Member: Hashable {
    let name: String
    var value: JSONValue
  }

  /// What kind of value it is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
