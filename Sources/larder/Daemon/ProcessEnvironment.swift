import Glibc

/// The variables that this process was started with.
enum ProcessEnvironment {
  /// All of them; of a name that is there twice the first counts, as in getenv(3).
  static func current() -> [String: String] {
    var found: [String: String] = [:]
    var place = environ
    while let entry = place.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "="), found[String(text[..<equals])] == nil {
        found[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      place += 1
    }
    return found
  }
}
