/// One word of JavaScript: where it stands, and what it is.
struct JavaScriptToken: Hashable, Sendable {
  /// What a word can be. Keywords are names: which of them are reserved depends on where they
  /// stand.
  enum Kind: UInt8, Sendable {
    case name
    case number
    case string
    /// A template without `${`, or its text before the first one, which opens a bracket.
    case template
    /// The text between two `${}` of a template.
    case templateMiddle
    /// The text behind the last one, which closes the bracket.
    case templateTail
    case regex
    case punctuator
  }

  let kind: Kind
  /// Bytes from the start of the text, quotes included.
  let start: Int32
  let end: Int32
}
