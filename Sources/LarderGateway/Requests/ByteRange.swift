/// What of a representation a request asks for (RFC 9110, 14).
enum ByteRange: Hashable, Sendable {
  case whole
  case part(Range<Int64>)
  case unsatisfiable

  /// One range of bytes is given; a list of them, another unit or what cannot be read is answered
  /// with everything, as the RFC allows: several parts cost more than they save, and have been used to
  /// make servers send what they hold many times over.
  init(_ field: String?, of size: Int64) {
    guard let field, let range = Self.read(field, of: size) else {
      self = .whole
      return
    }
    self = range.isEmpty ? .unsatisfiable : .part(range)
  }

  /// Nil for what is to be ignored; empty for what names no byte.
  private static func read(_ field: String, of size: Int64) -> Range<Int64>? {
    guard field.lowercased().hasPrefix("bytes=") else { return nil }
    let ends = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " } }
    guard ends.count == 2 else { return nil }
    if ends[0].isEmpty {
      guard let count = number(ends[1]) else { return nil }
      return max(0, size - count)..<size
    }
    guard let start = number(ends[0]) else { return nil }
    let last: Int64
    if ends[1].isEmpty {
      last = .max
    } else {
      guard let given = number(ends[1]), given >= start else { return nil }
      last = given
    }
    guard start < size else { return size..<size }
    return start..<(min(last, size - 1) + 1)
  }

  private static func number(_ text: Substring) -> Int64? {
    guard !text.isEmpty, text.utf8.count <= 18,
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int64(text)
  }
}
