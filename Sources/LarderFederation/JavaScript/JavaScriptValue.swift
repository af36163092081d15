/// What a constant expression comes to.
enum JavaScriptValue: Hashable, Sendable {
  case text(String)
  case number(Double)
  case boolean(Bool)
  case undefined
  /// The object literal that opens at this place.
  case object(Int)
  /// The regular expression at this place.
  case regex(Int)
  /// Something that only running the program would tell.
  case unknown

  /// Whether a condition takes it for true; nil if nobody knows.
  var isTrue: Bool? {
    switch self {
    case .text(let text): !text.isEmpty
    case .number(let value): value != 0 && !value.isNaN
    case .boolean(let value): value
    case .undefined: false
    case .object, .regex: true
    case .unknown: nil
    }
  }

  /// What it is in a text and as a property key; nil if nobody knows.
  var written: String? {
    switch self {
    case .text(let text): text
    case .number(let value): JavaScriptNumber.text(of: value)
    case .boolean(let value): value ? "true" : "false"
    case .undefined: "undefined"
    case .object, .regex, .unknown: nil
    }
  }

  /// `==` or `===`; nil if nobody knows. A number equals its text: identifiers of chunks are texts
  /// here, whichever of the two the build writes.
  func equals(_ other: JavaScriptValue) -> Bool? {
    switch (self, other) {
    case (.unknown, _), (_, .unknown): nil
    case (.text(let left), .number(let right)), (.number(let right), .text(let left)):
      JavaScriptNumber.value(of: left) == right
    default: self == other
    }
  }
}
