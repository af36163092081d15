/// The names of the members of a JSON object, without what they hold: enough to tell formats apart
/// without decoding a file of many megabytes for each of them.
enum JSONMembers {
  /// A format has a dozen.
  private static let countMax = 64

  /// Those of the outermost object of `bytes`, the first 64; empty if it is none. Names with escapes
  /// are left out: no format has them.
  static func names(in bytes: [UInt8]) -> Set<String> {
    let mark: Set<UInt8> = [0xef, 0xbb, 0xbf]
    var place = bytes.prefix(3).allSatisfy(mark.contains) ? min(3, bytes.count) : 0
    skipBlanks(bytes, &place)
    guard place < bytes.count, bytes[place] == UInt8(ascii: "{") else { return [] }
    var names: Set<String> = []
    var depth = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        let start = place + 1
        place = endOfString(bytes, from: start)
        guard depth == 1, place < bytes.count else { break }
        var behind = place + 1
        skipBlanks(bytes, &behind)
        if behind < bytes.count, bytes[behind] == UInt8(ascii: ":") {
          names.insert(String(decoding: bytes[start..<place], as: UTF8.self))
          if names.count == countMax { return names }
        }
      default: break
      }
      if depth == 0 { break }
      place += 1
    }
    return names
  }

  /// The place of the closing quote, or the end.
  private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
    var place = start
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place, bytes.count)
  }

  private static func skipBlanks(_ bytes: [UInt8], _ place: inout Int) {
    while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
  }
}
